package io.involution.plan;

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
          "%d examples, %d steps".formatted(batchSizePerWorker, averagingPeriod));
    }
  }
}
