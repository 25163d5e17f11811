package io.involution.spark.exchange;

import io.involution.config.ExchangeChoice;
import io.involution.failure.InputException;
import org.apache.spark.SparkConf;

/** Chooses how the workers' updates become their mean. The choice changes no bit of it. */
public final class Exchanges {
  /**
   * Bytes of all the workers' updates from which the executors average, unless told otherwise.
   *
   * <p>On one machine of 2 cores that other work kept busy, where bytes between JVMs cost no more
   * than copying them, the shuffle took this much of collecting's time with 2, 4 and 8 workers, all
   * of it averaged after the last update had come (median of 9 to 11 rounds in turns, {@code
   * io.involution.bench.Exchanging}):
   *
   * <pre>
   * floats an update       13,080             957,534            5,000,000          20,000,000
   * local[2]               1.79  2.57  3.15   1.86  1.69  2.38   1.29  1.24  1.16   1.13  1.34  1.06
   * local-cluster[2,1,..]  2.20  2.45  4.78   1.87  2.52  3.38   0.92  1.53  1.45   1.46  1.30  1.17
   * </pre>
   *
   * <p>So time does not speak for it there, and less and less against it: two to five times of some
   * 100 ms with small models, at most a third from 300 MiB in all. What speaks for it is the
   * driver's memory, which collecting fills with the updates that wait for an earlier worker's, at
   * worst with all: this much is a quarter of the 1 GiB of heap that submit/local-cluster gives a
   * driver, and of what Spark lets it take by default.
   */
  static final long SHUFFLE_FROM_BYTES = 256L << 20;

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
  public static UpdateExchange of(
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
