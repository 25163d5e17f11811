package io.involution.train.outer;

import io.involution.config.training.AveragingOptions;
import io.involution.model.LearningRate;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterBlock;
import io.involution.train.time.EpochPlan;
import java.util.List;

/**
 * How the averaged model is applied: from the model state at the start of a round and the mean of
 * the workers' states to the state at the start of the next round. A pure function, so that a
 * retried round gives the same bits.
 */
@FunctionalInterface
public interface OuterStep {
  /** Plain parameter averaging: the mean is the next state. */
  OuterStep AVERAGE = (start, mean) -> mean;

  /** SlowMo's slow learning rate by default. */
  double SLOW_LEARNING_RATE = 1;

  /** SlowMo's slow momentum by default: in the middle of the range that the paper tries. */
  double SLOW_MOMENTUM = 0.5;

  /** Nesterov's outer learning rate by default: DiLoCo's. */
  double NESTEROV_LEARNING_RATE = 0.7;

  /** Nesterov's outer momentum by default: DiLoCo's. */
  double NESTEROV_MOMENTUM = 0.9;

  /**
   * Takes the step.
   *
   * @param start state at the start of the round, including the outer optimizer's section
   * @param mean example-weighted mean of the workers' states at the end of the round
   * @return state at the start of the next round
   */
  ModelState next(ModelState start, ModelState mean);

  /**
   * The outer step that the options ask for. A slow momentum of 0 with a slow learning rate of 1 is
   * plain averaging, and is computed as such, so that the bits agree.
   *
   * @param options which one, and its settings
   * @param plan the run's rounds, which decide if the options do not
   * @param rate the local step size
   * @param blocks the blocks of the parameter vector, of which only trainable ones have momentum
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
