package io.involution.driver.input;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.data.synthetic.SyntheticImages;
import io.involution.failure.InputException;
import io.involution.model.ModelMetadata;
import io.involution.model.Normalization;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which data a saved model can be used for. */
class SavedModelTest {
  private static final String FILE = "runs/1/net/model.zip";
  private static final List<String> CIFAR10 = DataSchema.CIFAR10.classes();
  private static final List<String> SYNTHETIC = SyntheticImages.STANDARD.schema().classes();

  /** Only what it says of itself is asked. */
  private static void require(List<String> model, List<String> data) {
    DataSchema schema = new DataSchema(ImageShape.CIFAR10, model);
    ModelMetadata metadata = new ModelMetadata("net", schema, Normalization.NONE, "1.0");
    new SavedModel(null, metadata, null).requireFor(new DataSchema(ImageShape.CIFAR10, data), FILE);
  }

  @Test
  void theSameClassesAndThoseWithoutNamesAreTaken() {
    List<String> numbers = IntStream.range(0, 10).mapToObj(String::valueOf).toList();
    List<String> upper = CIFAR10.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList();
    for (List<String> other : List.of(CIFAR10, upper, numbers, SavedModel.NUMBERED, SYNTHETIC)) {
      assertThatCode(() -> require(CIFAR10, other)).doesNotThrowAnyException();
    }
    for (List<String> unnamed : List.of(numbers, SavedModel.NUMBERED)) {
      assertThatCode(() -> require(unnamed, CIFAR10)).doesNotThrowAnyException();
    }
    assertThatCode(() -> require(SYNTHETIC, SYNTHETIC)).doesNotThrowAnyException();
  }

  /** A folder's classes are in the order of their bytes, a table's numbers in their own. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cat,dog,fox | cat,fox,dog | from label 1 on, dog, fox and not fox, dog",
        "cat,dog,fox | cats,dogs,foxes | from label 0 on, cat, dog, fox and not cats, dogs, foxes",
        "a,b,c,d,e | a,1,2,3,4 | from label 1 on, b, c, d, ... and not 1, 2, 3, ...",
        "0,1,10,2,3,4,5,6,7,8,9 | 0,1,2,3,4,5,6,7,8,9,10"
            + " | from label 2 on, 10, 2, 3, ... and not 2, 3, 4, ...",
        "M\u00fcll,Glas | Mull,Glas | from label 0 on, M\\u00fcll, Glas and not Mull, Glas"
      })
  void otherClassesAreRefusedWithBothNames(String model, String data, String names) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> require(List.of(model.split(",", -1)), List.of(data.split(",", -1))))
        .withMessage(
            "%s tells other classes apart than those of the data (%s): use data with the classes"
                + " that it was trained on, in their order",
            FILE, names);
  }

  @Test
  void whatHasLearnedSyntheticImagesKnowsNoOthers() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> require(SYNTHETIC, CIFAR10))
        .withMessageContaining("disc, ring, square, ... and not airplane, automobile, bird, ...");
  }
}
