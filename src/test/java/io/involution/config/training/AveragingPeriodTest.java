package io.involution.config.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AveragingPeriodTest {
  @Test
  void aPeriodHoldsFromItsEpochOn() {
    AveragingPeriod period = AveragingPeriod.parse("1, 16@6,epoch@11");

    assertThat(period.in(1)).hasValue(1);
    assertThat(period.in(5)).hasValue(1);
    assertThat(period.in(6)).hasValue(16);
    assertThat(period.in(10)).hasValue(16);
    assertThat(period.in(11)).isEmpty();
    assertThat(period.in(1000)).isEmpty();
    assertThat(period.isConstant()).isFalse();
    assertThat(period.resolved(196).word()).isEqualTo("1,16@6,196@11");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "epoch", "1,16@6", "epoch,4@2,epoch@3"})
  void itsWordIsReadAsItself(String text) {
    assertThat(AveragingPeriod.parse(text).word()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "8@2",
        "1,2",
        "1,2@1",
        "1,4@5,2@5",
        "1,4@5,2@4",
        "1,,2@3",
        "never",
        "1@1,x@2",
        "1,2@0",
        "9999999999"
      })
  void whatIsNoneIsRefused(String text) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> AveragingPeriod.parse(text))
        .withMessageContaining("--averaging-period is '" + text + "'")
        .withMessageContaining("1,16@6");
  }
}
