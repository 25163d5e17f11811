package io.involution.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.config.value.Augmentation.Border;
import io.involution.config.value.Augmentation.Flip;
import io.involution.failure.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest {
  @Test
  void aListMayHaveOneOfEachKind() {
    assertThat(Augmentation.parse("cutout:8, alternate-flip ,reflect-shift:2"))
        .isEqualTo(new Augmentation(Flip.ALTERNATE, 2, Border.REFLECTED, 8));
    assertThat(Augmentation.parse("flip,shift:4")).isEqualTo(Augmentation.USUAL);
    assertThat(Augmentation.parse("true")).isEqualTo(Augmentation.USUAL);
    assertThat(Augmentation.parse("false")).isEqualTo(Augmentation.NONE);
  }

  @Test
  void theUsualOneIsRecordedAsItAlwaysWas() {
    assertThat(Augmentation.parse("shift:4,flip").recorded()).isEqualTo(true);
    assertThat(Augmentation.NONE.recorded()).isEqualTo(false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "false",
        "flip",
        "alternate-flip",
        "shift:255",
        "alternate-flip,reflect-shift:2",
        "flip,shift:3,cutout:8",
        "cutout:1"
      })
  void theWordIsWhatIsParsed(String text) {
    assertThat(Augmentation.parse(text).word()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "train",
        "flip,",
        "shift",
        "shift:0",
        "shift:-1",
        "shift:2.5",
        "cutout:256",
        "shift:999",
        "flip,flip",
        "flip,alternate-flip",
        "shift:2,reflect-shift:2",
        "cutout:2,cutout:2",
        "true,flip"
      })
  void whatIsNoneOfTheseIsRefusedInOneLine(String text) {
    assertThatThrownBy(() -> Augmentation.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--augment is '" + text + "'")
        .hasMessageContaining("such as alternate-flip,shift:2")
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource({"'shift:5', 5, 9", "'cutout:7', 9, 7"})
  void nothingMayBeLeftOfAnImage(String text, int height, int width) {
    Augmentation augmentation = Augmentation.parse(text);
    augmentation.requireFor(8, 8);
    assertThatThrownBy(() -> augmentation.requireFor(height, width))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--augment " + text)
        .hasMessageContaining("lower the number");
  }
}
