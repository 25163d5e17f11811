package io.involution.train;

import io.involution.config.RunFailedException;
import io.involution.model.ModelState;
import java.util.List;

/**
 * What a worker's update has to be to enter the average: of this round and model, and finite.
 *
 * @param model the network's name, for the error line
 * @param round the round
 * @param start the state that every worker started from
 */
public record UpdateCheck(String model, Round round, ModelState start) {

  /**
   * Looks at a round's updates, before anything is made of them.
   *
   * @param updates one a worker, in worker order
   * @throws DivergenceException when a loss or an entry is no finite number, naming the worker
   * @throws RunFailedException when an update is not of this round or not of this model's size,
   *     naming the worker
   */
  public void check(List<WorkerUpdate> updates) {
    for (int worker = 0; worker < updates.size(); worker++) {
      check(worker, updates.get(worker));
    }
  }

  private void check(int worker, WorkerUpdate update) {
    WorkerReport report = update.report();
    ModelState state = update.state();
    if (report.worker() != worker) {
      throw unfit(worker, "is one of worker " + report.worker());
    }
    if (state.steps() != start.steps() + round.steps() || report.examples() < 1) {
      throw unfit(
          worker,
          "is of step %d and %d examples, not of step %d"
              .formatted(state.steps(), report.examples(), start.steps() + round.steps()));
    }
    for (String name : state.names()) {
      int expected = start.names().contains(name) ? start.section(name).length : 0;
      int length = state.section(name).length;
      if (length != expected) {
        throw unfit(worker, "has %d entries in %s, not %d".formatted(length, name, expected));
      }
    }
    if (!Double.isFinite(report.lossSum())) {
      throw DivergenceException.in("the loss of worker " + worker, model, round);
    }
    if (!state.isFinite()) {
      throw DivergenceException.in("the update of worker " + worker, model, round);
    }
  }

  private RunFailedException unfit(int worker, String how) {
    return new RunFailedException(
        "the update of worker %d of the %s network in epoch %d, round %d %s: see that all executors run the same job jar, then --resume"
            .formatted(worker, model, round.epoch(), round.index(), how));
  }
}
