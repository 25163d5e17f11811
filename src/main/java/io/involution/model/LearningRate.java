package io.involution.model;

import io.involution.model.state.GraphState;
import java.util.Locale;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The step size as a function of the number of local steps taken: it grows linearly during the
 * warm-up (Goyal et al. 2017, "Accurate, Large Minibatch SGD", gradual warmup) and then stays
 * constant, or decreases along half a cosine (Loshchilov and Hutter, "SGDR", ICLR 2017, equation 5
 * with one period) or a line. With g the full step size, w steps of warm-up and n steps in all,
 * step t = 0, 1, ... has
 *
 * <pre>
 * g (start + (1 - start) (t + 1) / w)                          for t &lt; w, otherwise, with
 *                                                              d = (min(t, n - 1) - w) / (n - w),
 * g (end + (1 - end) (1 + cos(pi d)) / 2)                      along a cosine,
 * g (1 - (1 - end) d)                                          along a line
 * </pre>
 *
 * <p>It is never 0: without a start the first step has 1 / w of the full size, and the end would be
 * reached only after the last step.
 *
 * @param peak g, the step size after the warm-up
 * @param warmupSteps w, number of local steps in the warm-up
 * @param cosineSteps n, number of local steps of the whole run along a cosine; 0 for none
 * @param linearSteps n along a line; 0 for none
 * @param start share of the full step size that the warm-up starts from
 * @param end share of the full step size that a cosine or a line leads to
 */
public record LearningRate(
    @JsonProperty("peak") double peak,
    @JsonProperty("warmupSteps") long warmupSteps,
    @JsonProperty("cosineSteps") long cosineSteps,
    @JsonProperty("linearSteps") @JsonInclude(JsonInclude.Include.NON_DEFAULT) long linearSteps,
    @JsonProperty("start") @JsonInclude(JsonInclude.Include.NON_DEFAULT) double start,
    @JsonProperty("end") @JsonInclude(JsonInclude.Include.NON_DEFAULT) double end)
    implements ISchedule {

  /** Checks the bounds. */
  @JsonCreator
  public LearningRate {
    if (!(peak > 0 && Double.isFinite(peak))) {
      throw new IllegalArgumentException(
          "the learning rate must be a positive number, not " + peak);
    }
    boolean steps = warmupSteps >= 0 && cosineSteps >= 0 && linearSteps >= 0;
    boolean shares = start >= 0 && start <= 1 && end >= 0 && end <= 1;
    if (!steps || !shares || (cosineSteps > 0 && linearSteps > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "learning rate of %s, warm-up of %d steps from %s, cosine of %d, line of %d to %s",
              peak,
              warmupSteps,
              start,
              cosineSteps,
              linearSteps,
              end));
    }
  }

  /** A warm-up from 0, and a cosine to 0 if it has steps. */
  public LearningRate(double peak, long warmupSteps, long cosineSteps) {
    this(peak, warmupSteps, cosineSteps, 0, 0, 0);
  }

  /** A constant step size. */
  public static LearningRate constant(double rate) {
    return new LearningRate(rate, 0, 0);
  }

  /** Whether it is the same in every step. */
  public boolean isConstant() {
    return warmupSteps == 0 && steps() == 0;
  }

  private long steps() {
    return Math.max(cosineSteps, linearSteps);
  }

  /** The step size of a local step, counted from 0. */
  public double at(long step) {
    if (step < warmupSteps) {
      double rising = peak * (step + 1) / warmupSteps;
      return start == 0 ? rising : start * peak + (1 - start) * rising;
    }
    if (steps() <= warmupSteps) {
      return peak;
    }
    // After the end it keeps the value of the last step.
    long last = Math.min(step, steps() - 1);
    double done = (double) (last - warmupSteps) / (steps() - warmupSteps);
    double falling =
        cosineSteps > 0 ? peak * (1 + Math.cos(Math.PI * done)) / 2 : peak * (1 - done);
    return end == 0 ? falling : end * peak + (1 - end) * falling;
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
