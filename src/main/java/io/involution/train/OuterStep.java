package io.involution.train;

import io.involution.config.AveragingOptions;
import io.involution.model.LearningRate;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterBlock;
import java.util.List;

/**
 * What the driver makes of a round: from the state at the round's start and the workers' mean to
 * the state at the next round's start. Small and pure, so that a retried round gives the same bits.
 */
@FunctionalInterface
public interface OuterStep {
  /** Plain parameter averaging: the mean is the next state. */
  OuterStep AVERAGE = (start, mean) -> mean;

  /** Where the options leave the momentum's numbers open. */
  double SLOW_LEARNING_RATE = 1;

  /** In the middle of what the paper of SlowMo tries. */
  double SLOW_MOMENTUM = 0.5;

  /** DiLoCo's outer learning rate. */
  double NESTEROV_LEARNING_RATE = 0.7;

  /** DiLoCo's outer momentum. */
  double NESTEROV_MOMENTUM = 0.9;

  /**
   * Takes the step.
   *
   * @param start state at the round's start, its outer sections included
   * @param mean example-weighted mean of the workers' states at the round's end
   * @return state at the next round's start
   */
  ModelState next(ModelState start, ModelState mean);

  /**
   * The outer step that the options ask for. A slow momentum of 0 with a slow learning rate of 1 is
   * plain averaging, and takes its path, so that the bits agree.
   *
   * @param options which one, and its numbers
   * @param plan the run's rounds, which decide where the options do not
   * @param rate the local step size
   * @param blocks the parameter vector's, of which only the trainable ones have a momentum
   */
  static OuterStep of(
      AveragingOptions options, EpochPlan plan, LearningRate rate, List<ParameterBlock> blocks) {
    return switch (plan.outerStep(options)) {
      case AUTO, AVERAGE -> AVERAGE;
      case MOMENTUM -> {
        double a = options.outerLearningRate().orElse(SLOW_LEARNING_RATE);
        double b = options.outerMomentum().orElse(SLOW_MOMENTUM);
        yield a == 1 && b == 0 ? AVERAGE : OuterMomentum.slow(a, b, rate, blocks);
      }
      case NESTEROV ->
          OuterMomentum.nesterov(
              options.outerLearningRate().orElse(NESTEROV_LEARNING_RATE),
              options.outerMomentum().orElse(NESTEROV_MOMENTUM),
              blocks);
    };
  }
}
