package io.involution.train;

import java.io.Serializable;

/**
 * A worker's metrics of one round.
 *
 * @param worker 0 to the number of workers - 1
 * @param examples training examples used
 * @param lossSum sum of their cross-entropies in nats, each at the time of its local step
 * @param correct how many of them the model classified correctly at that time
 * @param seconds how the worker's time was spent
 * @param place where it ran
 */
public record WorkerReport(
    int worker, int examples, double lossSum, int correct, WorkerSeconds seconds, Place place)
    implements Serializable {

  /** The same with the time of copying the state out of the network. */
  WorkerReport extracted(double extract) {
    WorkerSeconds all =
        new WorkerSeconds(seconds.receive(), seconds.load(), seconds.steps(), extract);
    return new WorkerReport(worker, examples, lossSum, correct, all, place);
  }
}
