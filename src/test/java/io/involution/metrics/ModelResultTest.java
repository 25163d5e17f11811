package io.involution.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.metrics.ModelResult.ParameterCounts;
import io.involution.train.time.Ending;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelResultTest {
  private static EpochRow row(int epoch, Double validation, double roundSeconds) {
    return new EpochRow(
        "m",
        epoch,
        100,
        1.0 / epoch,
        0.1 * epoch,
        2.0 / epoch,
        0.05 * epoch,
        10L,
        null,
        validation,
        roundSeconds,
        3,
        null,
        null,
        null);
  }

  private static ModelResult of(EpochRow... rows) {
    return ModelResult.of(List.of(rows), Ending.Reason.EPOCHS, new ParameterCounts(7, 2), "abc");
  }

  @Test
  void figuresAreThoseOfTheLastEpoch() {
    ModelResult result = of(row(1, null, 50), row(2, null, 4), row(3, null, 6));

    assertThat(result)
        .isEqualTo(
            new ModelResult(
                0.05 * 3,
                2.0 / 3,
                0.1 * 3,
                1.0 / 3,
                new ParameterCounts(7, 2),
                "abc",
                // 200 examples in 10 seconds; the first epoch is left out.
                20.0,
                50 + 4 + 6 + 3 * 3.0,
                3,
                null,
                null,
                null,
                "epochs",
                null,
                null,
                null,
                null));
    assertThat(result.parameters().total()).isEqualTo(9);
  }

  @Test
  void oneEpochIsItsOwnRate() {
    assertThat(of(row(1, null, 50)).examplesPerSecond()).isEqualTo(2);
  }

  @Test
  void bestEpochIsTheFirstOfTheBest() {
    ModelResult result = of(row(1, 0.4, 1), row(2, 0.6, 1), row(3, 0.6, 1), row(4, 0.5, 1));

    assertThat(result.bestEpoch()).isEqualTo(2);
    assertThat(result.validationAccuracy()).isEqualTo(0.6);
    assertThat(result.bestEpochTestAccuracy()).isEqualTo(0.1);
    assertThat(result.testAccuracy()).isEqualTo(0.2);
  }

  @Test
  void jsonHasTheKeysOfTheContract() {
    assertThat(Json.line(of(row(1, null, 50))))
        .startsWith("{\"test_accuracy\":0.05,\"test_loss\":2.0,\"train_accuracy\":0.1,")
        .contains(
            "\"parameters\":{\"trainable\":7,\"non_trainable\":2}",
            "\"parameters_sha256\":\"abc\"",
            "\"examples_per_second\":2.0",
            "\"seconds\":53.0",
            "\"best_epoch\":null");
  }
}
