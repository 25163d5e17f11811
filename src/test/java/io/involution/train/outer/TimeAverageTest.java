package io.involution.train.outer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.config.value.WeightAverage;
import io.involution.model.state.ModelState;
import io.involution.train.outer.LogDeviations.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against sums written out, for rounds of unequal length. */
class TimeAverageTest {
  private static final int[] ROUNDS = {3, 1, 4, 4, 2, 7};
  private static final int ALL = 21;

  /** The second entry is the logarithm of a standard deviation. */
  private static final LogDeviations LOGS = new LogDeviations(List.of(new Range(1, 2)));

  private final Random random = new Random(5);

  private ModelState mean(long steps) {
    float log = random.nextFloat() - 1;
    return ModelState.of(
        steps, new float[] {random.nextFloat(), log, random.nextFloat()}, new float[] {steps});
  }

  private static OuterStep step(String text, OuterStep before) {
    return TimeAverage.of(WeightAverage.parse(text), before, LOGS, ALL);
  }

  private static double variance(float log) {
    return Math.pow(10, 2.0 * log);
  }

  @Test
  void withoutAnAverageAStepIsWhatItWas() {
    assertThat(step("none", OuterStep.AVERAGE)).isSameAs(OuterStep.AVERAGE);
  }

  @Test
  void anExponentialMeanWeighsTheStepsOfARoundByTheirAge() {
    OuterStep step = step("ema:0.9", OuterStep.AVERAGE);
    ModelState state = ModelState.of(0, new float[] {9, 9, 9}, new float[] {0});
    List<ModelState> models = new ArrayList<>();
    for (int h : ROUNDS) {
      ModelState mean = mean(state.steps() + h);
      state = step.next(state, mean);
      models.add(mean);

      assertThat(state.parameters()).isEqualTo(mean.parameters());
      double[] sum = new double[3];
      double weights = 0;
      for (int r = 0; r < models.size(); r++) {
        ModelState model = models.get(r);
        for (int s = 0; s < ROUNDS[r]; s++) {
          double weight = Math.pow(0.9, (double) (state.steps() - model.steps()) + s);
          weights += weight;
          sum[0] += weight * model.parameters()[0];
          sum[1] += weight * variance(model.parameters()[1]);
          sum[2] += weight * model.parameters()[2];
        }
      }
      float[] found = state.averaged().parameters();
      assertThat((double) found[0]).isCloseTo(sum[0] / weights, within(1e-6));
      assertThat(variance(found[1])).isCloseTo(sum[1] / weights, within(1e-6));
      assertThat((double) found[2]).isCloseTo(sum[2] / weights, within(1e-6));
    }
    assertThat(state.averaged().names()).doesNotContain(ModelState.AVERAGE);
    assertThat(state.averaged().updater()).isEqualTo(state.updater());
    assertThat(state.shared().names()).doesNotContain(ModelState.AVERAGE);
  }

  /** airbench94's: a slow copy that is written back after each round. */
  @Test
  void lookaheadGoesOnFromSlowWeights() {
    OuterStep step = step("lookahead:0.8", OuterStep.AVERAGE);
    ModelState state = mean(0);
    double[] slow = {state.parameters()[0], variance(state.parameters()[1]), state.parameters()[2]};
    int steps = 0;
    for (int h : ROUNDS) {
      steps += h;
      ModelState mean = mean(steps);
      state = step.next(state, mean);

      double kept = Math.pow(0.8, h) * Math.pow((double) steps / ALL, 3);
      slow[0] = kept * slow[0] + (1 - kept) * mean.parameters()[0];
      slow[1] = kept * slow[1] + (1 - kept) * variance(mean.parameters()[1]);
      slow[2] = kept * slow[2] + (1 - kept) * mean.parameters()[2];
      assertThat((double) state.parameters()[0]).isCloseTo(slow[0], within(1e-6));
      assertThat(variance(state.parameters()[1])).isCloseTo(slow[1], within(1e-6));
      assertThat((double) state.parameters()[2]).isCloseTo(slow[2], within(1e-6));
      assertThat(state.averaged()).isSameAs(state);
      assertThat(state.updater()).isEqualTo(mean.updater());
    }
    assertThat(steps).isEqualTo(ALL);
  }

  /** What the step before it remembers is kept. */
  @Test
  void anAverageFollowsAnyOuterStep() {
    OuterStep outer =
        (start, mean) ->
            mean.with(ModelState.PARAMETERS, new float[] {1, -1, 1})
                .with(ModelState.OUTER, new float[] {4, 5, 6});
    for (String text : List.of("ema:0.5", "lookahead")) {
      ModelState next = step(text, outer).next(mean(0), mean(4));
      assertThat(next.section(ModelState.OUTER)).containsExactly(4, 5, 6);
    }
    ModelState first = step("ema:0.5", outer).next(mean(0), mean(4));
    assertThat(first.averaged().parameters()).containsExactly(1, -1, 1);
  }

  /** Nothing moves where start and end are the same, such as filters that are not trained. */
  @Test
  void whatStaysStaysToTheBit() {
    for (String text : List.of("ema:0.9", "lookahead")) {
      ModelState state = ModelState.of(0, new float[] {0.1f, -0.3f, 0.7f}, new float[1]);
      for (int h : ROUNDS) {
        state = step(text, OuterStep.AVERAGE).next(state, moved(state, h));
        assertThat(state.averaged().parameters()[0]).isEqualTo(0.1f);
        assertThat(state.averaged().parameters()[2]).isEqualTo(0.7f);
      }
    }
  }

  private static ModelState moved(ModelState state, int steps) {
    return ModelState.of(state.steps() + steps, state.parameters(), state.updater());
  }
}
