package io.involution.train.outer;

import io.involution.config.value.WeightAverage;
import io.involution.model.state.ModelState;

/**
 * Averages of models over time, taken on the driver after each round. All parameters take part,
 * running statistics too, variances as variances. Decays are given per local step, so that an
 * average reaches as far back with any averaging period.
 */
public final class TimeAverage {
  private TimeAverage() {}

  /**
   * An outer step followed by an average over time.
   *
   * @param choice which
   * @param step what makes the next model of a round's mean
   * @param deviations of the network, with any number of workers
   * @param steps local steps of the whole training
   */
  public static OuterStep of(
      WeightAverage choice, OuterStep step, LogDeviations deviations, long steps) {
    return switch (choice.kind()) {
      case NONE -> step;
      case EMA -> exponential(choice.decay(), step, deviations);
      case LOOKAHEAD -> lookahead(choice.decay(), step, deviations, steps);
    };
  }

  /**
   * The exponentially weighted mean of the rounds' models, in the section {@link
   * ModelState#AVERAGE}, beside the model, which it does not change. The initial weights have no
   * share in it, as in Adam's moments (Kingma and Ba, "Adam", ICLR 2015, section 3): after t steps,
   * of which h are the round's, the new model's weight is (1 - decay^h) / (1 - decay^t).
   */
  private static OuterStep exponential(double decay, OuterStep step, LogDeviations deviations) {
    return (start, mean) -> {
      ModelState next = step.next(start, mean);
      double share =
          (1 - kept(decay, start, next)) / (1 - StrictMath.pow(decay, (double) next.steps()));
      float[] average =
          start.names().contains(ModelState.AVERAGE)
              ? between(start.averaged(), next, share, deviations)
              : next.parameters();
      return next.with(ModelState.AVERAGE, average);
    };
  }

  /**
   * Lookahead (Zhang et al., "Lookahead Optimizer: k steps forward, 1 step back", NeurIPS 2019),
   * with a round as the steps forward and airbench94's schedule (Jordan 2024): after t of T steps,
   * of which h are the round's, decay^h (t / T)^3 of the round's start is kept. The slow weights
   * are what a round starts from, so there is nothing else to remember.
   */
  private static OuterStep lookahead(
      double decay, OuterStep step, LogDeviations deviations, long steps) {
    return (start, mean) -> {
      ModelState next = step.next(start, mean);
      double done = Math.min(1, (double) next.steps() / steps);
      double kept = kept(decay, start, next) * done * done * done;
      float[] parameters = between(start, next, 1 - kept, deviations);
      return next.with(ModelState.PARAMETERS, parameters);
    };
  }

  /** What the steps of a round leave of the models before it. */
  private static double kept(double decay, ModelState start, ModelState next) {
    return StrictMath.pow(decay, (double) (next.steps() - start.steps()));
  }

  /** The parameters of a model on the way from one to another. */
  private static float[] between(
      ModelState from, ModelState to, double share, LogDeviations deviations) {
    float[] old = deviations.variances(from).parameters();
    float[] mixed = deviations.variances(to).parameters().clone();
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] = (float) (old[i] + share * ((double) mixed[i] - old[i]));
    }
    return deviations.logarithms(to.with(ModelState.PARAMETERS, mixed)).parameters();
  }
}
