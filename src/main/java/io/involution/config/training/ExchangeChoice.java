package io.involution.config.training;

import io.involution.config.option.Choice;

/** Where the workers' updates are averaged; the result is bitwise the same. */
public enum ExchangeChoice implements Choice {
  /** By the number of workers and the size of the model. */
  AUTO,
  /** On the driver, which receives every update. */
  COLLECT,
  /** On the executors, one slice per reducer; the driver receives one model. */
  SHUFFLE;

  /**
   * Total size in bytes of all updates from which the executors average by default.
   *
   * <p>Time of the shuffle relative to collecting with 2, 4 and 8 workers, on a busy machine with 2
   * cores, where sending bytes between JVMs costs no more than copying them, when averaging began
   * after the last update had arrived (median of 9 to 11 alternating rounds, {@code
   * io.involution.bench.Exchanging}):
   *
   * <pre>
   * floats an update       13,080             957,534            5,000,000          20,000,000
   * local[2]               1.79  2.57  3.15   1.86  1.69  2.38   1.29  1.24  1.16   1.13  1.34  1.06
   * local-cluster[2,1,..]  2.20  2.45  4.78   1.87  2.52  3.38   0.92  1.53  1.45   1.46  1.30  1.17
   * </pre>
   *
   * <p>There the shuffle is never faster, but the larger the model, the less it costs: two to five
   * times some 100 ms with small models, at most a third more from 300 MiB in total. Its advantage
   * is the driver's memory: collecting keeps every update that waits for an earlier worker's, in
   * the worst case all of them. This size is a quarter of the 1 GiB heap that submit/local-cluster
   * gives the driver, and of the results that Spark accepts by default.
   */
  public static final long SHUFFLE_FROM_BYTES = 256L << 20;

  /**
   * Whether the executors average, where Spark would let the driver collect.
   *
   * @param workers number of workers
   * @param bytesPerUpdate size of the model state's arrays in bytes
   */
  public boolean shuffles(int workers, long bytesPerUpdate) {
    return switch (this) {
      case COLLECT -> false;
      case SHUFFLE -> workers > 1;
      case AUTO -> workers > 1 && workers * bytesPerUpdate >= SHUFFLE_FROM_BYTES;
    };
  }
}
