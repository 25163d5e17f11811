package io.involution.train.outer;

import io.involution.model.LearningRate;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterBlock;
import java.util.List;

/**
 * Outer steps that remember the direction of earlier rounds, as a velocity in the section {@link
 * ModelState#OUTER}. Running statistics are always averaged only.
 */
final class OuterMomentum implements OuterStep {
  /** One entry's new velocity, or its step. */
  private interface Rule {
    /**
     * Computes it.
     *
     * @param velocity the velocity: the old one for the new velocity, the new one for the step
     * @param change theta - m: the round's start minus its mean
     * @param rate the local step size at the start of the round
     */
    double of(double velocity, double change, double rate);
  }

  private final Rule velocity;
  private final Rule step;
  private final LearningRate rate;
  private final List<ParameterBlock> trainable;

  private OuterMomentum(Rule velocity, Rule step, LearningRate rate, List<ParameterBlock> blocks) {
    this.velocity = velocity;
    this.step = step;
    this.rate = rate;
    this.trainable = blocks.stream().filter(ParameterBlock::trainable).toList();
  }

  /**
   * SlowMo (Wang et al., "SlowMo: Improving Communication-Efficient Distributed SGD with Slow
   * Momentum", ICLR 2020, algorithm 1): u = b u + (theta - m) / g, theta' = theta - a g u.
   *
   * @param a slow learning rate
   * @param b slow momentum
   * @param rate g, the local step size
   * @param blocks the blocks of the parameter vector
   */
  static OuterStep slow(double a, double b, LearningRate rate, List<ParameterBlock> blocks) {
    return new OuterMomentum(
        (u, change, g) -> b * u + change / g, (u, change, g) -> a * g * u, rate, blocks);
  }

  /**
   * DiLoCo's outer optimizer (Douillard et al., "DiLoCo: Distributed Low-Communication Training of
   * Language Models", 2023, algorithm 1), SGD with Nesterov momentum on the outer gradient theta -
   * m: v = mu v + (theta - m), theta' = theta - eta ((theta - m) + mu v).
   *
   * @param eta outer learning rate
   * @param mu outer momentum
   * @param blocks the blocks of the parameter vector
   */
  static OuterStep nesterov(double eta, double mu, List<ParameterBlock> blocks) {
    return new OuterMomentum(
        (v, change, g) -> mu * v + change,
        (v, change, g) -> eta * (change + mu * v),
        LearningRate.constant(1),
        blocks);
  }

  @Override
  public ModelState next(ModelState start, ModelState mean) {
    float[] theta = start.parameters();
    float[] next = mean.parameters().clone();
    float[] velocities =
        start.names().contains(ModelState.OUTER)
            ? start.section(ModelState.OUTER).clone()
            : new float[theta.length];
    double g = rate.at(start.steps());
    for (ParameterBlock block : trainable) {
      for (int i = block.offset(); i < block.end(); i++) {
        double change = (double) theta[i] - next[i];
        double moving = velocity.of(velocities[i], change, g);
        velocities[i] = (float) moving;
        next[i] = (float) (theta[i] - step.of(moving, change, g));
      }
    }
    return mean.with(ModelState.PARAMETERS, next).with(ModelState.OUTER, velocities);
  }
}
