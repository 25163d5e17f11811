package io.involution.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointCadenceTest {
  @ParameterizedTest
  @CsvSource({
    "1epoch, 1epoch",
    "1epochs, 1epoch",
    "5epochs, 5epochs",
    "1round, 1round",
    "20rounds, 20rounds"
  })
  void numberAndUnitAreRead(String text, String word) {
    assertThat(CheckpointCadence.parse(text).word()).isEqualTo(word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "epoch",
        "0rounds",
        "-1epochs",
        "1.5epochs",
        "1 epoch",
        "1steps",
        "9999999999rounds"
      })
  void otherTextIsRefused(String text) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> CheckpointCadence.parse(text))
        .withMessageContaining("--checkpoint-every is '" + text + "'")
        .withMessageContaining("20rounds");
  }

  @Test
  void epochsAreCounted() {
    CheckpointCadence cadence = CheckpointCadence.parse("3epochs");

    assertThat(IntStream.rangeClosed(1, 7).filter(cadence::dueAfterEpoch)).containsExactly(3, 6);
    assertThat(cadence.dueAfterRound(3)).isFalse();
  }

  @Test
  void roundsAreCountedOverAllEpochs() {
    CheckpointCadence cadence = CheckpointCadence.parse("4rounds");

    assertThat(IntStream.rangeClosed(1, 9).filter(cadence::dueAfterRound)).containsExactly(4, 8);
    assertThat(cadence.dueAfterEpoch(1)).isFalse();
    assertThat(cadence.dueAfterEpoch(2)).isFalse();
  }
}
