package io.involution.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.config.value.WeightAverage.Kind;
import io.involution.failure.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightAverageTest {
  @ParameterizedTest
  @ValueSource(strings = {"none", "ema:0.5", "ema:0.9995", "lookahead", "lookahead:0.9"})
  void theWordIsWhatIsParsed(String text) {
    assertThat(WeightAverage.parse(text).word()).isEqualTo(text);
    assertThat(WeightAverage.parse(text).recorded()).isEqualTo(text);
  }

  @Test
  void lookaheadHasADecayOfItsOwn() {
    assertThat(WeightAverage.parse("lookahead"))
        .isEqualTo(new WeightAverage(Kind.LOOKAHEAD, 0.95))
        .isEqualTo(WeightAverage.parse("lookahead:0.95"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ema",
        "ema:",
        "ema:1",
        "ema:0",
        "ema:0.0",
        "ema:1.5",
        "ema:-0.5",
        "swa",
        "ema:0.9,lookahead",
        "none:0.5",
        "lookahead:",
        "lookahead:0.5:3",
        "EMA:0.9"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> WeightAverage.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--weight-average is '" + text + "': use none, ema:DECAY")
        .message()
        .doesNotContain("\n");
  }
}
