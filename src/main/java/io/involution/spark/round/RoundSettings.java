package io.involution.spark.round;

import io.involution.config.ExchangeChoice;
import io.involution.config.TrainOptions;
import io.involution.config.UpdaterStateChoice;
import java.io.Serializable;

/**
 * What the user decides about every round.
 *
 * @param seed the run's seed
 * @param augment whether training images are flipped and shifted at random
 * @param updaterState what becomes of the updater's state between two rounds
 * @param exchange how updates become their mean
 */
public record RoundSettings(
    long seed, boolean augment, UpdaterStateChoice updaterState, ExchangeChoice exchange)
    implements Serializable {

  /** Those of a run. */
  public static RoundSettings of(TrainOptions options) {
    return new RoundSettings(
        options.seed(),
        options.augment(),
        options.averaging().updaterState(),
        options.averaging().exchange());
  }

  /** Images as they are, the updater's state averaged. */
  public static RoundSettings plain(long seed) {
    return new RoundSettings(seed, false, UpdaterStateChoice.AVERAGED, ExchangeChoice.AUTO);
  }
}
