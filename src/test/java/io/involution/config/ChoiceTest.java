package io.involution.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.failure.InputException;
import java.util.List;
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
    for (Class<?> type : List.of(ModelChoice.class, DeviceChoice.class, TrainerChoice.class)) {
      for (Object choice : type.getEnumConstants()) {
        assertThat(Choice.parse("x", ((Choice) choice).word(), type)).isEqualTo(choice);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "BOTH", "Both", "both ", "all", "involution_wide"})
  void otherWordsAreRefused(String word) {
    assertThatThrownBy(() -> Choice.parse("model", word, ModelChoice.class))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--model is '" + word + "': use one of convolution, involution, involution-wide, both");
  }
}
