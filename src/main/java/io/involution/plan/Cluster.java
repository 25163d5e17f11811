package io.involution.plan;

import io.involution.config.ExchangeChoice;

/**
 * The cluster that a round is planned for.
 *
 * @param workers number of workers
 * @param slots tasks that run at once, an executor each
 * @param networkGbps bandwidth of every machine's link in each direction, in 10^9 bits a second;
 *     infinite for one machine
 * @param exchange how updates become their mean
 */
public record Cluster(int workers, int slots, double networkGbps, ExchangeChoice exchange) {

  /** Checks that there is something of each. */
  public Cluster {
    if (workers < 1 || slots < 1 || !(networkGbps > 0)) {
      throw new IllegalArgumentException(
          "%d workers, %d slots, %s Gbit/s".formatted(workers, slots, networkGbps));
    }
  }

  /** The same cluster with fewer or more workers, where the slots allow. */
  Cluster with(int otherWorkers) {
    return new Cluster(otherWorkers, slots, networkGbps, exchange);
  }

  /** Executors that take part: one for every slot in use. */
  int executors() {
    return Math.min(workers, slots);
  }

  /** How often every slot gets a worker, one after the other. */
  int waves() {
    return (workers + slots - 1) / slots;
  }

  /** Seconds that so many bytes take on a link. */
  double transfer(double bytes) {
    return 8 * bytes / (1e9 * networkGbps);
  }
}
