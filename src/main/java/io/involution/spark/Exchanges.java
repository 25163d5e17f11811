package io.involution.spark;

import io.involution.config.ExchangeChoice;
import io.involution.config.InputException;
import org.apache.spark.SparkConf;

/** Chooses how the workers' updates become their mean. The choice changes no bit of it. */
final class Exchanges {
  /** Bytes of all the workers' updates from which the shuffle takes less time. */
  static final long SHUFFLE_FROM_BYTES = 64L << 20;

  private Exchanges() {}

  /**
   * Chooses before the first round.
   *
   * @param choice what the user wants
   * @param workers number of workers
   * @param bytesPerUpdate bytes of the model state's arrays
   * @param conf Spark's settings
   * @throws InputException when the updates are to be collected and Spark would end the first round
   *     because they are too large together
   */
  static UpdateExchange of(
      ExchangeChoice choice, int workers, long bytesPerUpdate, SparkConf conf) {
    ResultLimit limit = ResultLimit.of(conf);
    long collected = ResultLimit.collected(workers, bytesPerUpdate);
    if (!limit.allows(collected)) {
      if (choice == ExchangeChoice.COLLECT) {
        throw new InputException(
            "--exchange collect brings %,d bytes of %d updates to the driver a round, but %s is %,d: use --exchange shuffle or auto, or raise it (0 is no limit)"
                .formatted(collected, workers, ResultLimit.SETTING, limit.bytes()));
      }
      return new ShuffleExchange();
    }
    boolean shuffles =
        switch (choice) {
          case COLLECT -> false;
          case SHUFFLE -> workers > 1;
          case AUTO -> workers > 1 && collected >= SHUFFLE_FROM_BYTES;
        };
    return shuffles ? new ShuffleExchange() : new CollectExchange();
  }
}
