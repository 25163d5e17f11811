package io.involution.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.failure.InputException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationCadenceTest {
  @Test
  void everySoManyEpochsOrNone() {
    assertThat(due("1")).containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertThat(due("3")).containsExactly(3, 6);
    assertThat(due("last")).isEmpty();
  }

  private static int[] due(String text) {
    EvaluationCadence cadence = EvaluationCadence.parse(text);
    assertThat(String.valueOf(cadence.recorded())).isEqualTo(text);
    return IntStream.rangeClosed(1, 7).filter(cadence::isDueAfter).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "first", "1.5", "1epoch", "9999999999"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> EvaluationCadence.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessage("--evaluate-every is '" + text + "': use a number of epochs from 1, or last");
  }
}
