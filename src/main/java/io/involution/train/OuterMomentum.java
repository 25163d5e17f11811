package io.involution.train;

import io.involution.model.LearningRate;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterBlock;
import java.util.List;

/**
 * Outer steps that remember the direction of earlier rounds, in the section {@link
 * ModelState#OUTER}. Running statistics are only ever averaged.
 */
final class OuterMomentum implements OuterStep {
  /** What one entry's velocity and step are made of. */
  private interface Rule {
    /**
     * The new velocity.
     *
     * @param old the velocity so far
     * @param change theta - m: how far the round's mean is from its start, downhill
     * @param rate the local step size at the round's start
     */
    double velocity(double old, double change, double rate);

    /** How far the entry goes from the round's start. */
    double step(double velocity, double change, double rate);
  }

  private final Rule rule;
  private final LearningRate rate;
  private final List<ParameterBlock> trainable;

  private OuterMomentum(Rule rule, LearningRate rate, List<ParameterBlock> trainable) {
    this.rule = rule;
    this.rate = rate;
    this.trainable = trainable.stream().filter(ParameterBlock::trainable).toList();
  }

  /**
   * SlowMo (Wang et al., "SlowMo: Improving Communication-Efficient Distributed SGD with Slow
   * Momentum", ICLR 2020, algorithm 1): u = b u + (theta - m) / g, theta' = theta - a g u.
   *
   * @param a slow learning rate
   * @param b slow momentum
   * @param rate g, the local step size
   * @param blocks the parameter vector's
   */
  static OuterStep slow(double a, double b, LearningRate rate, List<ParameterBlock> blocks) {
    Rule rule =
        new Rule() {
          @Override
          public double velocity(double old, double change, double g) {
            return b * old + change / g;
          }

          @Override
          public double step(double velocity, double change, double g) {
            return a * g * velocity;
          }
        };
    return new OuterMomentum(rule, rate, blocks);
  }

  /**
   * DiLoCo's outer optimizer (Douillard et al., "DiLoCo: Distributed Low-Communication Training of
   * Language Models", 2023, algorithm 1), SGD with Nesterov's momentum on the outer gradient theta
   * - m: v = mu v + (theta - m), theta' = theta - eta ((theta - m) + mu v).
   *
   * @param eta outer learning rate
   * @param mu outer momentum
   * @param blocks the parameter vector's
   */
  static OuterStep nesterov(double eta, double mu, List<ParameterBlock> blocks) {
    Rule rule =
        new Rule() {
          @Override
          public double velocity(double old, double change, double g) {
            return mu * old + change;
          }

          @Override
          public double step(double velocity, double change, double g) {
            return eta * (change + mu * velocity);
          }
        };
    return new OuterMomentum(rule, LearningRate.constant(1), blocks);
  }

  @Override
  public ModelState next(ModelState start, ModelState mean) {
    float[] theta = start.parameters();
    float[] next = mean.parameters().clone();
    float[] velocity =
        start.names().contains(ModelState.OUTER)
            ? start.section(ModelState.OUTER).clone()
            : new float[theta.length];
    double g = rate.at(start.steps());
    for (ParameterBlock block : trainable) {
      for (int i = block.offset(); i < block.end(); i++) {
        double change = (double) theta[i] - next[i];
        double moving = rule.velocity(velocity[i], change, g);
        velocity[i] = (float) moving;
        next[i] = (float) (theta[i] - rule.step(moving, change, g));
      }
    }
    return mean.with(ModelState.PARAMETERS, next).with(ModelState.OUTER, velocity);
  }
}
