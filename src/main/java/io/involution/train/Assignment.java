package io.involution.train;

import io.involution.train.time.Round;
import io.involution.train.time.Seeds;
import java.io.Serializable;

/**
 * The work of one worker in one round. The result depends only on this, the model state and the
 * shard.
 *
 * @param worker 0 to the number of workers - 1
 * @param round the local steps to take
 * @param seed the run's seed
 * @param augment whether the images are flipped and shifted at random
 */
public record Assignment(int worker, Round round, long seed, boolean augment)
    implements Serializable {

  /** Without augmentation. */
  public Assignment(int worker, Round round, long seed) {
    this(worker, round, seed, false);
  }

  /** The views of a shard's examples in this epoch; empty without augmentation. */
  int[] views(int shardSize) {
    return augment ? Seeds.views(shardSize, seed, round.epoch(), worker) : new int[0];
  }

  /** The seed of the random numbers that layers such as dropout draw in a step of the round. */
  long dropoutSeed(int step) {
    return Seeds.dropout(seed, round.epoch(), worker, round.firstStep() + step);
  }
}
