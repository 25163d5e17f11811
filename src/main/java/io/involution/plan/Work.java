package io.involution.plan;

/**
 * What a worker does in a round.
 *
 * @param network the network's name
 * @param batchSizePerWorker examples of its minibatch
 * @param averagingPeriod local steps, H
 */
public record Work(String network, int batchSizePerWorker, int averagingPeriod) {

  /** Checks that there is something to do. */
  public Work {
    if (batchSizePerWorker < 1 || averagingPeriod < 1) {
      throw new IllegalArgumentException(
          "%d examples, %d steps".formatted(batchSizePerWorker, averagingPeriod));
    }
  }
}
