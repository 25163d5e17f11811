package io.involution.train.average;

import io.involution.model.state.ModelState;
import io.involution.train.DivergenceException;
import io.involution.train.Round;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.UpdateFault.Kind;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a worker's update has to be to enter the average: of this round and model, and finite. Small
 * enough to travel with a task.
 *
 * @param model the network's name, for the error line
 * @param round the round
 * @param steps local steps at the round's end
 * @param lengths entries of the sections that the model has, by name
 */
public record UpdateCheck(String model, Round round, long steps, Map<String, Integer> lengths)
    implements Serializable {

  /**
   * The check of a round.
   *
   * @param model the network's name, for the error line
   * @param round the round
   * @param start the state that every worker started from
   */
  public UpdateCheck(String model, Round round, ModelState start) {
    this(
        model,
        round,
        start.steps() + round.steps(),
        // What the outer step remembers stays with the driver.
        start.names().stream()
            .filter(name -> !name.equals(ModelState.OUTER))
            .collect(Collectors.toMap(Function.identity(), name -> start.section(name).length)));
  }

  /**
   * Looks at one worker's update.
   *
   * @param worker whose it has to be
   * @param update its update
   * @return what is wrong with it, if anything is
   */
  public Optional<UpdateFault> fault(int worker, WorkerUpdate update) {
    WorkerReport report = update.report();
    ModelState state = update.state();
    if (report.worker() != worker) {
      return unfit(worker, "is one of worker " + report.worker());
    }
    if (state.steps() != steps || report.examples() < 1) {
      return unfit(
          worker,
          "is of step %d and %d examples, not of step %d"
              .formatted(state.steps(), report.examples(), steps));
    }
    for (String name : state.names()) {
      int expected = length(name);
      int length = state.section(name).length;
      if (length != expected) {
        return unfit(worker, "has %d entries in %s, not %d".formatted(length, name, expected));
      }
    }
    if (!Double.isFinite(report.lossSum())) {
      return diverged("the loss of worker " + worker);
    }
    return state.isFinite() ? Optional.empty() : diverged("the update of worker " + worker);
  }

  /** Entries that a section of an update has to have: none where the model knows no such one. */
  public int length(String section) {
    return lengths.getOrDefault(section, 0);
  }

  /** Bytes of an update's arrays. */
  public long bytes() {
    return lengths.values().stream().mapToLong(length -> (long) Float.BYTES * length).sum();
  }

  private Optional<UpdateFault> diverged(String what) {
    return Optional.of(
        new UpdateFault(Kind.DIVERGED, DivergenceException.line(what, model, round)));
  }

  private Optional<UpdateFault> unfit(int worker, String how) {
    return Optional.of(
        new UpdateFault(
            Kind.UNFIT,
            "the update of worker %d of the %s network in epoch %d, round %d %s: see that all executors run the same job jar, then --resume"
                .formatted(worker, model, round.epoch(), round.index(), how)));
  }
}
