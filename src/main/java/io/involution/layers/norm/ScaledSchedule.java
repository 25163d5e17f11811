package io.involution.layers.norm;

import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * A step size that is a multiple of another updater's.
 *
 * @param updater has the other step size
 * @param factor the multiple
 */
public record ScaledSchedule(IUpdater updater, double factor) implements ISchedule {

  /** An updater with a multiple of the step size of another; the other itself for 1. */
  public static IUpdater scaled(IUpdater updater, double factor) {
    if (factor == 1 || updater == null || !updater.hasLearningRate()) {
      return updater;
    }
    IUpdater scaled = updater.clone();
    scaled.setLrAndSchedule(Double.NaN, new ScaledSchedule(updater, factor));
    return scaled;
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    return factor * updater.getLearningRate(iteration, epoch);
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public ISchedule clone() {
    return this;
  }
}
