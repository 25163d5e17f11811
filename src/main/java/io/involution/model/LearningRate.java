package io.involution.model;

import io.involution.model.state.GraphState;
import java.util.Locale;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Adam's step size as a function of the number of local steps taken: it grows linearly during the
 * warm-up (Goyal et al. 2017, "Accurate, Large Minibatch SGD", gradual warmup) and then stays
 * constant, or decreases along half a cosine (Loshchilov and Hutter, "SGDR", ICLR 2017, equation 5
 * with one period and a minimum of 0). It is never 0: the first step has 1 / warmupSteps of the
 * peak.
 *
 * @param peak step size after the warm-up
 * @param warmupSteps number of local steps in the warm-up
 * @param cosineSteps number of local steps of the whole run, after which it would be 0; 0 for a
 *     constant step size
 */
public record LearningRate(
    @JsonProperty("peak") double peak,
    @JsonProperty("warmupSteps") long warmupSteps,
    @JsonProperty("cosineSteps") long cosineSteps)
    implements ISchedule {

  /** Checks the bounds. */
  public LearningRate {
    if (!(peak > 0 && Double.isFinite(peak))) {
      throw new IllegalArgumentException(
          "the learning rate must be a positive number, not " + peak);
    }
    if (warmupSteps < 0 || cosineSteps < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "learning rate of %s, warm-up of %d steps, cosine of %d",
              peak,
              warmupSteps,
              cosineSteps));
    }
  }

  /** A constant step size. */
  public static LearningRate constant(double rate) {
    return new LearningRate(rate, 0, 0);
  }

  /** Whether it is the same in every step. */
  public boolean isConstant() {
    return warmupSteps == 0 && cosineSteps == 0;
  }

  /** The step size of a local step, counted from 0. */
  public double at(long step) {
    if (step < warmupSteps) {
      return peak * (step + 1) / warmupSteps;
    }
    if (cosineSteps <= warmupSteps) {
      return peak;
    }
    // After the end it keeps the value of the last step.
    long last = Math.min(step, cosineSteps - 1);
    double done = (double) (last - warmupSteps) / (cosineSteps - warmupSteps);
    return peak * (1 + Math.cos(Math.PI * done)) / 2;
  }

  /**
   * The step size as DL4J asks for it.
   *
   * @param iteration local steps since the updater was created
   * @param epoch local steps before that, which {@link GraphState} stores in this counter
   */
  @Override
  public double valueAt(int iteration, int epoch) {
    return at((long) iteration + epoch);
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public ISchedule clone() {
    return this;
  }
}
