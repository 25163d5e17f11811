package io.involution.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.failure.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EpochCountTest {
  @ParameterizedTest
  @CsvSource({
    "20, 20, 20, 3900",
    "20.0, 20, 20, 3900",
    "9.9, 9.9, 10, 1931",
    "0.001, 0.001, 1, 1",
    "1.010, 1.01, 2, 197",
    "2.5000, 2.5, 3, 488"
  })
  void stepsAreRoundedUpExactly(String text, String word, int last, long steps) {
    EpochCount count = EpochCount.parse(text);

    assertThat(count.word()).isEqualTo(word);
    assertThat(count.last()).isEqualTo(last);
    assertThat(count.steps(195)).isEqualTo(steps);
    assertThat(EpochCount.parse(count.word())).isEqualTo(count);
    assertThat(String.valueOf(count.recorded())).isEqualTo(word);
    assertThat(count.value()).isEqualTo(Double.parseDouble(text));
  }

  @Test
  void aWholeNumberIsRecordedAsOne() {
    assertThat(EpochCount.parse("20").recorded()).isEqualTo(20);
    assertThat(EpochCount.parse("9.9").recorded()).isEqualTo(9.9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0.0", "-1", "many", "1.2345", "1e3", ".5", "9999999999", "NaN"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> EpochCount.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--epochs is " + text + ": use 1 or more, or a fraction with up to three decimals");
  }
}
