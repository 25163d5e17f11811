package io.involution.train;

import java.io.Serializable;

/**
 * Consecutive local steps between two averages.
 *
 * @param epoch 1 to the number of epochs
 * @param index place within the epoch, from 1
 * @param firstStep first local step of the epoch that belongs to it, from 0
 * @param lastStep step after its last
 * @param stepsPerEpoch local steps that every worker takes in an epoch
 */
public record Round(int epoch, int index, int firstStep, int lastStep, int stepsPerEpoch)
    implements Serializable {

  /** Checks that the steps lie within the epoch. */
  public Round {
    if (epoch < 1 || index < 1 || firstStep < 0 || lastStep <= firstStep) {
      throw new IllegalArgumentException(
          "not a round: epoch %d, round %d, steps %d to %d"
              .formatted(epoch, index, firstStep, lastStep));
    }
    if (lastStep > stepsPerEpoch) {
      throw new IllegalArgumentException("step " + lastStep + " of " + stepsPerEpoch);
    }
  }

  /** First example, in a worker's order, of one step of the epoch. */
  public int from(int step, int shardSize) {
    return (int) ((long) shardSize * step / stepsPerEpoch);
  }

  /** Number of examples that a worker with so large a shard uses in this round. */
  public int examples(int shardSize) {
    return from(lastStep, shardSize) - from(firstStep, shardSize);
  }

  /** Number of local steps. */
  public int steps() {
    return lastStep - firstStep;
  }
}
