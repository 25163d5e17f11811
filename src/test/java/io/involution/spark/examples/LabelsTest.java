package io.involution.spark.examples;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelsTest {
  private static Labels of(Object... labels) {
    return Labels.of(List.of(labels).iterator()).next();
  }

  /** In texts, 10 comes before 2. */
  @Test
  void testLabelsOfAnotherKindAreRefused() {
    Labels numbers = of(0, 1, 2);
    Labels texts = of("0", "1", "2");

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> texts.requireOf(numbers, "kind"))
        .withMessage(
            "--label-column kind has numbers for training examples and texts for test examples:"
                + " use numbers for both, or texts");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> numbers.requireOf(texts, "kind"))
        .withMessageContaining("has texts for training examples and numbers for test examples");
  }

  @Test
  void numbersOfAnyWidthAreOneKind() {
    assertThatCode(() -> of(1L, (short) 2).requireOf(of(0, 1, 2), "kind"))
        .doesNotThrowAnyException();
    assertThatCode(() -> of("b").requireOf(of("a", "b"), "kind")).doesNotThrowAnyException();
    assertThatCode(() -> of().requireOf(of(0, 1), "kind")).doesNotThrowAnyException();
  }

  @Test
  void testLabelsOfAnotherClassAreRefused() {
    for (Labels[] both :
        List.of(new Labels[] {of(3), of(0, 1, 2)}, new Labels[] {of("c"), of("a", "b")})) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> both[0].requireOf(both[1], "kind"))
          .withMessageContaining("has test examples of a class without training examples");
    }
  }
}
