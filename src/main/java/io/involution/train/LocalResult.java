package io.involution.train;

import io.involution.model.state.ModelState;

/**
 * What the local steps of a round gave.
 *
 * @param state model state after the last step
 * @param examples training examples used
 * @param lossSum sum of their cross-entropies in nats, each at the time of its step
 * @param correct how many of them the model classified rightly at that time
 * @param seconds where the time went
 */
public record LocalResult(
    ModelState state, int examples, double lossSum, int correct, WorkerSeconds seconds) {

  /**
   * The update that a worker sends back.
   *
   * @param worker 0 to the number of workers - 1
   * @param receiveSeconds how long fetching the model state and the shard took
   * @param place where it ran
   */
  public WorkerUpdate from(int worker, double receiveSeconds, Place place) {
    WorkerSeconds all =
        new WorkerSeconds(receiveSeconds, seconds.load(), seconds.steps(), seconds.extract());
    return new WorkerUpdate(
        new WorkerReport(worker, examples, lossSum, correct, all, place), state);
  }
}
