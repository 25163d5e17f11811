package io.involution.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.involution.evaluate.ConfusionCounts;
import io.involution.evaluate.Evaluation;
import io.involution.evaluate.artifact.Picture;
import io.involution.model.Minibatch;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Examples of any shape, with any number of classes. */
class DataSchemaTest {
  private static final ImageShape SHAPE = new ImageShape(4, 5, 7);

  @ParameterizedTest
  @CsvSource({"0, 1, 1", "5, 1, 1", "1, 0, 1", "1, 1, 0", "1, 257, 1", "1, 1, 257"})
  void refusesShapesOutOfRange(int channels, int height, int width) {
    assertThatThrownBy(() -> new ImageShape(channels, height, width))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesNoClassesAndTooMany() {
    List<String> many = Collections.nCopies(10_001, "a");
    assertThatThrownBy(() -> new DataSchema(SHAPE, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DataSchema(SHAPE, many))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesPixelsThatAreNotTheImages() {
    assertThatThrownBy(() -> new Shard(SHAPE, 3, new byte[139], new short[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 x 5 x 7");
  }

  @Test
  void loadsMinibatchesOfItsShapeAndClasses() {
    byte[] pixels = new byte[2 * SHAPE.pixels()];
    pixels[SHAPE.pixels()] = (byte) 255;
    Shard shard = new Shard(SHAPE, 10_000, pixels, new short[] {0, 9_999});
    try (Minibatch minibatch = new Minibatch()) {
      minibatch.load(ShardFixture.random(2, 1), new int[] {0, 1}, 0, 2);
      minibatch.load(shard, new int[] {1, 0}, 0, 2);

      assertThat(minibatch.images().shape()).containsExactly(2, 4, 5, 7);
      assertThat(minibatch.images().getFloat(0, 0, 0, 0)).isEqualTo(1);
      assertThat(minibatch.labels().shape()).containsExactly(2, 10_000);
      assertThat(minibatch.labels().getFloat(0, 9_999)).isEqualTo(1);
      assertThat(minibatch.labels().getFloat(1, 0)).isEqualTo(1);
      assertThat(minibatch.labels().sumNumber().intValue()).isEqualTo(2);
    }
  }

  @Test
  void shiftsImagesWithinTheirOwnSize() {
    byte[] pixels = new byte[SHAPE.pixels()];
    pixels[SHAPE.pixels() - 1] = (byte) 255;
    Shard shard = new Shard(SHAPE, 2, pixels, new short[1]);
    long flipped = new ImageView(true, 0, 0).code();
    try (Minibatch minibatch = new Minibatch()) {
      minibatch.load(shard, new int[] {0}, new long[] {flipped}, 0, 1);

      assertThat(minibatch.images().getFloat(0, 3, 4, 0)).isEqualTo(1);
      assertThat(minibatch.images().sumNumber().floatValue()).isEqualTo(1);
    }
  }

  @Test
  void countsTenThousandClassesInLittleMemory() {
    ConfusionCounts first = new ConfusionCounts(10_000);
    first.add(9_999, 9_999, 2);
    ConfusionCounts second = new ConfusionCounts(10_000);
    second.add(9_999, 0, 1);
    Evaluation sum =
        Evaluation.sum(
            List.of(new Evaluation(1, first, List.of()), new Evaluation(2, second, List.of())));

    assertThat(sum.examples()).isEqualTo(3);
    assertThat(sum.correct()).isEqualTo(2);
    assertThatThrownBy(() -> first.add(0, 10_000, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void picturesKeepTheirShapeInJson() throws Exception {
    ObjectMapper json = new ObjectMapper();
    byte[] pixels = new byte[SHAPE.pixels()];
    pixels[0] = 77;
    Picture picture = new Picture(SHAPE, pixels);
    Picture reference = new Picture(ImageShape.CIFAR10, new byte[ImageShape.CIFAR10.pixels()]);

    assertThat(json.readValue(json.writeValueAsBytes(picture), Picture.class)).isEqualTo(picture);
    assertThat(picture.rgb(0, 0)).as("transparent").isEqualTo(0xffffff);
    assertThat(json.writeValueAsString(reference))
        .isEqualTo(json.writeValueAsString(new byte[ImageShape.CIFAR10.pixels()]));
    assertThat(json.readValue(json.writeValueAsBytes(reference), Picture.class))
        .isEqualTo(reference);
  }
}
