package io.involution.train;

import java.io.Serializable;

/**
 * Where a worker's time of one round went, in seconds.
 *
 * @param receive fetching the round's model state, and the shard where it was not there yet
 * @param load copying the state into the network, building the network at first
 * @param steps local steps
 * @param extract copying the state out of the network
 */
public record WorkerSeconds(double receive, double load, double steps, double extract)
    implements Serializable {

  /** The whole of it. */
  public double total() {
    return receive + load + steps + extract;
  }
}
