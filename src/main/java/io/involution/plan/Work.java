package io.involution.plan;

import java.util.Locale;

/**
 * The work of a worker in a round.
 *
 * @param network the network's name
 * @param batchSizePerWorker size of its minibatch
 * @param averagingPeriod local steps, H
 */
public record Work(String network, int batchSizePerWorker, int averagingPeriod) {

  /** Checks that both numbers are positive. */
  public Work {
    if (batchSizePerWorker < 1 || averagingPeriod < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d examples, %d steps", batchSizePerWorker, averagingPeriod));
    }
  }
}
