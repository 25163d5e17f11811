package io.involution.train.outer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.config.training.AveragingOptions;
import io.involution.config.training.AveragingPeriod;
import io.involution.config.training.ExchangeChoice;
import io.involution.config.training.OuterStepChoice;
import io.involution.config.training.UpdaterStateChoice;
import io.involution.config.value.WeightAverage;
import io.involution.model.LearningRate;
import io.involution.model.state.ModelState;
import io.involution.model.state.ModelStateFormat;
import io.involution.model.state.ParameterBlock;
import io.involution.train.time.EpochPlan;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The outer steps against values by hand, and against plain averaging where they are that. */
class OuterStepTest {
  /** Two weights, one running statistic, one bias. */
  private static final List<ParameterBlock> BLOCKS =
      List.of(
          new ParameterBlock("a", "W", List.of(2L), 0, 2, true),
          new ParameterBlock("a", "mean", List.of(1L), 2, 1, false),
          new ParameterBlock("b", "b", List.of(1L), 3, 1, true));

  private static OuterStep step(OuterStepChoice choice, Double rate, Double momentum) {
    return OuterStep.of(
        new AveragingOptions(
            AveragingPeriod.of(8),
            choice,
            Optional.ofNullable(rate),
            Optional.ofNullable(momentum),
            UpdaterStateChoice.AVERAGED,
            ExchangeChoice.AUTO,
            WeightAverage.NONE),
        new EpochPlan(1536, 3, 32, 16),
        new LearningRate(0.5, 4, 0),
        BLOCKS);
  }

  private static ModelState state(long steps, double... parameters) {
    float[] values = new float[parameters.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) parameters[i];
    }
    return ModelState.of(steps, values, new float[] {steps});
  }

  private static void assertHolds(float[] found, double... expected) {
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).as("entry %d", i).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void averageIsTheMeanItself() {
    ModelState mean = state(2, 1, 2, 3, 4);

    assertThat(step(OuterStepChoice.AVERAGE, null, null).next(state(0, 0, 0, 0, 0), mean))
        .isSameAs(mean);
  }

  @Test
  void momentumWithoutMemoryTakesThePathOfTheAverage() {
    assertThat(step(OuterStepChoice.MOMENTUM, 1.0, 0.0)).isSameAs(OuterStep.AVERAGE);
    assertThat(step(OuterStepChoice.MOMENTUM, 1.0, 0.5)).isNotSameAs(OuterStep.AVERAGE);
    assertThat(step(OuterStepChoice.MOMENTUM, 0.5, 0.0)).isNotSameAs(OuterStep.AVERAGE);
    assertThat(step(OuterStepChoice.NESTEROV, 1.0, 0.0)).isNotSameAs(OuterStep.AVERAGE);
    assertThat(step(OuterStepChoice.AUTO, null, null)).isNotSameAs(OuterStep.AVERAGE);
  }

  /** u = b u + (theta - m) / g; theta' = theta - a g u. */
  @Test
  void momentumIsSlowMo() {
    OuterStep momentum = step(OuterStepChoice.MOMENTUM, 0.5, 0.25);

    // g of step 1 of a warm-up of 4 to 0.5 is 0.25.
    ModelState first = momentum.next(state(1, 1, 2, 3, 4), state(3, 0.5, 3, 7, 4));
    assertHolds(first.section(ModelState.OUTER), 2, -4, 0, 0);
    assertHolds(first.parameters(), 1 - 0.5 * 0.25 * 2, 2 + 0.5 * 0.25 * 4, 7, 4);
    assertThat(first.steps()).isEqualTo(3);
    assertHolds(first.updater(), 3);

    // g of step 3 is 0.5: u = 0.25 x (2, -4) + (0.75 - 0.25, 2.5 - 2.5, 4 - 5) / 0.5
    ModelState second = momentum.next(first, state(5, 0.25, 2.5, 8, 5));
    assertHolds(second.section(ModelState.OUTER), 1.5, -1, 0, -2);
    assertHolds(
        second.parameters(), 0.75 - 0.5 * 0.5 * 1.5, 2.5 + 0.5 * 0.5 * 1, 8, 4 + 0.5 * 0.5 * 2);
  }

  /** v = mu v + (theta - m); theta' = theta - eta ((theta - m) + mu v). */
  @Test
  void nesterovIsThatOfDiLoCo() {
    OuterStep nesterov = step(OuterStepChoice.NESTEROV, null, null);

    ModelState first = nesterov.next(state(0, 1, 2, 3, 4), state(2, 0.5, 3, 7, 4));
    assertHolds(first.section(ModelState.OUTER), 0.5, -1, 0, 0);
    assertHolds(first.parameters(), 1 - 0.7 * (0.5 + 0.9 * 0.5), 2 + 0.7 * (1 + 0.9 * 1), 7, 4);

    // theta = (0.335, 3.33); v = 0.9 x (0.5, -1) + (0.335 - 0.3, 3.33 - 3.43)
    ModelState second = nesterov.next(first, state(4, 0.3, 3.43, 8, 5));
    assertHolds(second.section(ModelState.OUTER), 0.485, -1, 0, -1);
    assertHolds(
        second.parameters(),
        0.335 - 0.7 * (0.035 + 0.9 * 0.485),
        3.33 + 0.7 * (0.1 + 0.9 * 1),
        8,
        4 + 0.7 * (1 + 0.9 * 1));
  }

  /** eta 1 and mu 0 is the mean again, but for rounding. */
  @Test
  void nesterovWithoutMemoryIsTheMean() {
    OuterStep nesterov = step(OuterStepChoice.NESTEROV, 1.0, 0.0);

    assertHolds(
        nesterov.next(state(0, 1, 2, 3, 4), state(2, 0.5, 3, 7, 4)).parameters(), 0.5, 3, 7, 4);
  }

  /** A step is a function of the state alone, which a checkpoint holds in full. */
  @Test
  void checkpointHoldsAllThatTheNextStepNeeds() {
    Random random = new Random();
    for (OuterStepChoice choice : List.of(OuterStepChoice.MOMENTUM, OuterStepChoice.NESTEROV)) {
      ModelState state = state(0, random.doubles(4, -1, 1).toArray());
      ModelState resumed = state;
      for (int round = 1; round <= 5; round++) {
        ModelState mean = state(2L * round, random.doubles(4, -1, 1).toArray());
        state = step(choice, null, null).next(state, mean);
        ModelState read = ModelStateFormat.read(ModelStateFormat.write(resumed), "checkpoint");
        resumed = step(choice, null, null).next(read, mean);
        assertThat(ModelStateFormat.write(resumed)).isEqualTo(ModelStateFormat.write(state));
      }
    }
  }

  @Test
  void theArgumentsAreLeftAsTheyAre() {
    ModelState start =
        state(0, 1, 2, 3, 4).with(ModelState.OUTER, new float[] {0.5f, 0.5f, 0, 0.5f});
    ModelState mean = state(2, 4, 3, 2, 1);

    step(OuterStepChoice.MOMENTUM, null, null).next(start, mean);

    assertThat(start.parameters()).containsExactly(1, 2, 3, 4);
    assertThat(start.section(ModelState.OUTER)).containsExactly(0.5f, 0.5f, 0, 0.5f);
    assertThat(mean.parameters()).containsExactly(4, 3, 2, 1);
  }
}
