package io.involution.model;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A schedule of a user's network, asked with the steps and epochs of the whole run: DL4J's own
 * counters start anew with every new updater. It stands in for the user's schedule while the
 * network is trained, and is not saved with it.
 *
 * @param stepsPerEpoch local steps of an epoch, at least 1
 * @param schedule the user's schedule
 */
public record RunSchedule(
    @JsonProperty("stepsPerEpoch") int stepsPerEpoch, @JsonProperty("schedule") ISchedule schedule)
    implements ISchedule {

  /** Checks the number of steps. */
  public RunSchedule {
    if (stepsPerEpoch < 1) {
      throw new IllegalArgumentException("epochs of " + stepsPerEpoch + " steps");
    }
  }

  /**
   * The value as DL4J asks for it.
   *
   * @param iteration local steps since the updater was created
   * @param epoch local steps before that, see {@link io.involution.model.state.GraphState}
   */
  @Override
  public double valueAt(int iteration, int epoch) {
    int steps = Math.addExact(iteration, epoch);
    return schedule.valueAt(steps, steps / stepsPerEpoch);
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public ISchedule clone() {
    return this;
  }
}
