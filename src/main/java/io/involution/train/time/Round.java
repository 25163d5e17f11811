package io.involution.train.time;

import java.io.Serializable;
import java.util.Locale;

/**
 * Consecutive local steps between two averages.
 *
 * @param epoch 1 to the number of epochs
 * @param index number within the epoch, from 1
 * @param firstStep its first local step within the epoch, from 0
 * @param lastStep the step after its last
 * @param stepsPerEpoch local steps that every worker takes in an epoch
 */
public record Round(int epoch, int index, int firstStep, int lastStep, int stepsPerEpoch)
    implements Serializable {

  /** Checks that the steps lie within the epoch. */
  public Round {
    if (epoch < 1 || index < 1 || firstStep < 0 || lastStep <= firstStep) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "invalid round: epoch %d, round %d, steps %d to %d",
              epoch,
              index,
              firstStep,
              lastStep));
    }
    if (lastStep > stepsPerEpoch) {
      throw new IllegalArgumentException("step " + lastStep + " of " + stepsPerEpoch);
    }
  }

  /** First example, in a worker's order, of one step of the epoch. */
  public int from(int step, int shardSize) {
    return (int) ((long) shardSize * step / stepsPerEpoch);
  }

  /** Number of examples that a worker with a shard of this size uses in this round. */
  public int examples(int shardSize) {
    return from(lastStep, shardSize) - from(firstStep, shardSize);
  }

  /** Number of local steps. */
  public int steps() {
    return lastStep - firstStep;
  }
}
