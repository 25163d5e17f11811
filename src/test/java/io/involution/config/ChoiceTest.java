package io.involution.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.failure.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChoiceTest {
  @Test
  void wordsAreTheDocumentedOnes() {
    assertThat(TrainerChoice.values())
        .extracting(TrainerChoice::word)
        .containsExactly("averaging", "dl4j-spark");
    assertThat(ModelChoice.values())
        .extracting(ModelChoice::word)
        .containsExactly("convolution", "involution", "involution-wide", "both");
    assertThat(DeviceChoice.values())
        .extracting(DeviceChoice::word)
        .containsExactly("auto", "cpu", "gpu");
  }

  @Test
  void everyWordIsReadBack() {
    for (ModelChoice choice : ModelChoice.values()) {
      assertThat(ModelChoice.parse(choice.word())).isEqualTo(choice);
    }
    for (DeviceChoice choice : DeviceChoice.values()) {
      assertThat(DeviceChoice.parse(choice.word())).isEqualTo(choice);
    }
    for (TrainerChoice choice : TrainerChoice.values()) {
      assertThat(Choice.parse("trainer", choice.word(), TrainerChoice.class)).isEqualTo(choice);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "BOTH", "Both", "both ", "all", "involution_wide"})
  void otherWordsAreRefused(String word) {
    assertThatThrownBy(() -> ModelChoice.parse(word))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--model is '" + word + "': use one of convolution, involution, involution-wide, both");
  }
}
