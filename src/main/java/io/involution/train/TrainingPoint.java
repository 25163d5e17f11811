package io.involution.train;

import io.involution.model.state.ModelState;
import io.involution.train.time.Position;

/**
 * Everything that training needs to resume from here.
 *
 * @param position how far training has progressed
 * @param sums sums over the finished rounds of the current epoch
 * @param state the model state
 */
public record TrainingPoint(Position position, EpochSums sums, ModelState state) {

  /** The start of training. */
  public static TrainingPoint start(ModelState initial) {
    return new TrainingPoint(Position.START, EpochSums.NONE, initial);
  }

  /** The end of an epoch. */
  public static TrainingPoint after(int epoch, ModelState state) {
    return new TrainingPoint(new Position(epoch, 0), EpochSums.NONE, state);
  }
}
