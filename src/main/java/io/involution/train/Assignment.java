package io.involution.train;

import io.involution.config.value.Augmentation;
import io.involution.data.Shard;
import io.involution.train.time.Round;
import io.involution.train.time.Seeds;
import io.involution.train.time.Views;
import java.io.Serializable;

/**
 * The work of one worker in one round. The result depends only on this, the model state and the
 * shard.
 *
 * @param worker 0 to the number of workers - 1
 * @param round the local steps to take
 * @param seed the run's seed
 * @param augmentation how the images are changed at random
 */
public record Assignment(int worker, Round round, long seed, Augmentation augmentation)
    implements Serializable {

  /** Without augmentation. */
  public Assignment(int worker, Round round, long seed) {
    this(worker, round, seed, Augmentation.NONE);
  }

  /** The views of a shard's examples in this epoch; empty without augmentation. */
  long[] views(Shard shard) {
    return new Views(augmentation, seed, round.epoch(), worker).of(shard.size(), shard.image());
  }

  /** The seed of the random numbers that layers such as dropout draw in a step of the round. */
  long dropoutSeed(int step) {
    return Seeds.dropout(seed, round.epoch(), worker, round.firstStep() + step);
  }
}
