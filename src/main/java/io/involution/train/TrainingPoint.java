package io.involution.train;

import io.involution.model.state.ModelState;

/**
 * All that a training needs to go on from where it is.
 *
 * @param position how far it has come
 * @param sums sums over the rounds of the epoch that has begun
 * @param state the model state
 */
public record TrainingPoint(Position position, EpochSums sums, ModelState state) {

  /** The beginning. */
  public static TrainingPoint start(ModelState initial) {
    return new TrainingPoint(Position.START, EpochSums.NONE, initial);
  }

  /** The end of an epoch. */
  public static TrainingPoint after(int epoch, ModelState state) {
    return new TrainingPoint(new Position(epoch, 0), EpochSums.NONE, state);
  }
}
