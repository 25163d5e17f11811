package io.involution.spark.round;

import io.involution.config.Precision;
import io.involution.config.TrainOptions;
import io.involution.config.training.EvaluationOptions.TestTime;
import io.involution.config.training.ExchangeChoice;
import io.involution.config.training.UpdaterStateChoice;
import io.involution.config.value.Augmentation;
import io.involution.train.outer.LogDeviations;
import java.io.Serializable;

/**
 * The options that apply to every round.
 *
 * @param seed the run's seed
 * @param augmentation how training images are changed at random
 * @param updaterState what happens to the updater state between rounds
 * @param testTime the views by which an image is evaluated
 * @param exchange how updates are averaged
 * @param deviations running statistics that must not be averaged as they are
 * @param precision with what numbers GPUs multiply
 */
public record RoundSettings(
    long seed,
    Augmentation augmentation,
    UpdaterStateChoice updaterState,
    TestTime testTime,
    ExchangeChoice exchange,
    LogDeviations deviations,
    Precision precision)
    implements Serializable {

  /** A run's settings. */
  public static RoundSettings of(TrainOptions options, LogDeviations deviations) {
    return new RoundSettings(
        options.seed(),
        options.augment(),
        options.averaging().updaterState(),
        options.evaluation().testTime(),
        options.averaging().usedExchange(),
        deviations,
        options.cluster().precision());
  }

  /** Without augmentation, with averaged updater state. */
  public static RoundSettings plain(long seed) {
    return plain(seed, TestTime.NONE);
  }

  /** The same with other views by which an image is evaluated. */
  public static RoundSettings plain(long seed, TestTime testTime) {
    return new RoundSettings(
        seed,
        Augmentation.NONE,
        UpdaterStateChoice.AVERAGED,
        testTime,
        ExchangeChoice.AUTO,
        LogDeviations.NONE,
        Precision.FLOAT32);
  }
}
