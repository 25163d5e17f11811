package io.involution.train;

import java.io.Serializable;

/**
 * What one worker has to do in one round: with the model state and the shard, all that the result
 * depends on.
 *
 * @param worker 0 to the number of workers - 1
 * @param round which local steps
 * @param seed the run's seed
 * @param augment whether the images are flipped and shifted at random
 */
public record Assignment(int worker, Round round, long seed, boolean augment)
    implements Serializable {

  /** With the images as they are. */
  public Assignment(int worker, Round round, long seed) {
    this(worker, round, seed, false);
  }

  /** The views of a shard's examples in this epoch; empty where images stay as they are. */
  int[] views(int shardSize) {
    return augment ? Seeds.views(shardSize, seed, round.epoch(), worker) : new int[0];
  }
}
