package io.involution.plan;

import io.involution.config.training.ExchangeChoice;
import java.util.Locale;

/**
 * The cluster that a round is planned for.
 *
 * @param workers number of workers
 * @param slots tasks that run at once, one per executor
 * @param networkGbps bandwidth of every machine's link in each direction, in 10^9 bits per second;
 *     infinite for one machine
 * @param exchange how updates are averaged
 */
public record Cluster(int workers, int slots, double networkGbps, ExchangeChoice exchange) {

  /** Checks that all numbers are positive. */
  public Cluster {
    if (workers < 1 || slots < 1 || !(networkGbps > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%d workers, %d slots, %s Gbit/s", workers, slots, networkGbps));
    }
  }

  /** The same cluster with another number of workers. */
  Cluster with(int otherWorkers) {
    return new Cluster(otherWorkers, slots, networkGbps, exchange);
  }

  /** Number of executors that take part: one per slot in use. */
  int executors() {
    return Math.min(workers, slots);
  }

  /** Number of waves: how many workers a slot runs one after another. */
  int waves() {
    return (workers - 1) / slots + 1;
  }

  /** Seconds to transfer a number of bytes over a link. */
  double transfer(double bytes) {
    return 8 * bytes / (1e9 * networkGbps);
  }
}
