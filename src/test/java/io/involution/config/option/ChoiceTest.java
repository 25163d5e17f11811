package io.involution.config.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.config.DeviceChoice;
import io.involution.config.TrainerChoice;
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
    assertThat(DeviceChoice.values())
        .extracting(DeviceChoice::word)
        .containsExactly("auto", "cpu", "gpu");
  }

  @Test
  void everyWordIsReadBack() {
    for (Class<?> type : List.of(DeviceChoice.class, TrainerChoice.class)) {
      for (Object choice : type.getEnumConstants()) {
        assertThat(Choice.parse("x", ((Choice) choice).word(), type)).isEqualTo(choice);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "CPU", "Cpu", "cpu ", "all", "g_p_u"})
  void otherWordsAreRefused(String word) {
    assertThatThrownBy(() -> Choice.parse("device", word, DeviceChoice.class))
        .isInstanceOf(InputException.class)
        .hasMessage("--device is '" + word + "': use one of auto, cpu, gpu");
  }
}
