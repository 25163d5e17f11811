package io.involution.driver.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.train.time.EpochPlan;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepRulesTest {
  /** Examples, workers, the minibatch of a worker that is asked for, and what a step takes. */
  @ParameterizedTest
  @CsvSource({
    "50000, 2, 128, 256",
    "50000, 4, 1000, 4000",
    "50000, 1, 2147483647, 50000",
    "50000, 3, 1000000000, 50001",
    "2147483647, 3, 1000000000, 2147483649"
  })
  void aScaledStepSizeGrowsWithTheExamplesThatAStepTakes(
      int examples, int workers, int batchSize, long taken) {
    Map<String, Object> given = Map.of("learning-rate", 0.256, "learning-rate-scaling", "linear");
    TrainOptions options = TrainConfig.load(given, Optional.empty());
    StepRules rules = new StepRules(options, new EpochPlan(examples, workers, batchSize, 16));

    assertThat(rules.learningRate(options.learningRate()).peak())
        .isCloseTo(taken / 1000.0, within(1e-6));
  }
}
