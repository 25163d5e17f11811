package io.involution.spark.round;

import io.involution.config.TrainOptions;
import io.involution.config.training.ExchangeChoice;
import io.involution.config.training.UpdaterStateChoice;
import io.involution.train.LogDeviations;
import java.io.Serializable;

/**
 * The options that apply to every round.
 *
 * @param seed the run's seed
 * @param augment whether training images are flipped and shifted at random
 * @param updaterState what happens to the updater state between rounds
 * @param exchange how updates are averaged
 * @param deviations running statistics that must not be averaged as they are
 */
public record RoundSettings(
    long seed,
    boolean augment,
    UpdaterStateChoice updaterState,
    ExchangeChoice exchange,
    LogDeviations deviations)
    implements Serializable {

  /** A run's settings. */
  public static RoundSettings of(TrainOptions options, LogDeviations deviations) {
    return new RoundSettings(
        options.seed(),
        options.augment(),
        options.averaging().updaterState(),
        options.averaging().exchange(),
        deviations);
  }

  /** Without augmentation, with averaged updater state. */
  public static RoundSettings plain(long seed) {
    return new RoundSettings(
        seed, false, UpdaterStateChoice.AVERAGED, ExchangeChoice.AUTO, LogDeviations.NONE);
  }
}
