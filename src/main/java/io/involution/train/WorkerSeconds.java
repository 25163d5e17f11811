package io.involution.train;

import java.io.Serializable;

/**
 * How a worker's time was spent in one round, in seconds.
 *
 * @param receive fetching the round's model state, and the shard if it was not there yet
 * @param load copying the state into the network; includes building it in the first round
 * @param steps local steps
 * @param extract copying the state out of the network
 */
public record WorkerSeconds(double receive, double load, double steps, double extract)
    implements Serializable {
  /** No time. */
  static final WorkerSeconds NONE = new WorkerSeconds(0, 0, 0, 0);

  /** Their sum. */
  public double total() {
    return receive + load + steps + extract;
  }
}
