package io.involution.train.average;

import io.involution.failure.RunFailedException;
import io.involution.model.state.ModelState;
import io.involution.train.DivergenceException;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.UpdateCheck.Fault.Kind;
import io.involution.train.time.Round;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What an update must satisfy to enter the average: it belongs to this round and this model, and
 * all its numbers are finite. Small enough to be sent with a task.
 *
 * @param model the network's name, for error messages
 * @param rounds the round, or those that a single worker takes at once
 * @param steps local steps taken by the end of the last one
 * @param lengths number of entries of each section of the model state, by name
 */
public record UpdateCheck(
    String model, List<Round> rounds, long steps, Map<String, Integer> lengths)
    implements Serializable {
  /**
   * Why an update may not enter the average, as a value that a task can send to the driver: if the
   * task threw an exception, Spark would retry it three times.
   *
   * @param kind which exception the driver throws
   * @param message the exception's message
   */
  public record Fault(Kind kind, String message) implements Serializable {
    /** The possible exceptions. */
    enum Kind {
      /** A {@link DivergenceException}. */
      DIVERGED,
      /** A {@link RunFailedException}: not an update of this round, or of another model size. */
      UNFIT,
      /** An {@link IllegalArgumentException}: updates that do not match each other. */
      MISMATCHED
    }

    /** The exception that the driver throws. */
    public RuntimeException exception() {
      return switch (kind) {
        case DIVERGED -> new DivergenceException(message);
        case UNFIT -> new RunFailedException(message);
        case MISMATCHED -> new IllegalArgumentException(message);
      };
    }
  }

  /** The check for one round. */
  public UpdateCheck(String model, Round round, ModelState start) {
    this(model, List.of(round), start);
  }

  /**
   * The check for one round or several.
   *
   * @param model the network's name, for error messages
   * @param rounds as above
   * @param start the model state that every worker starts from
   */
  public UpdateCheck(String model, List<Round> rounds, ModelState start) {
    this(
        model,
        List.copyOf(rounds),
        start.steps() + rounds.stream().mapToInt(Round::steps).sum(),
        // What the outer step and the average over time remember stays on the driver.
        start.names().stream()
            .filter(name -> !ModelState.isOfDriver(name))
            .collect(Collectors.toMap(Function.identity(), name -> start.section(name).length)));
  }

  /**
   * Checks one worker's update.
   *
   * @param worker the worker that the update must come from
   * @param update its update
   * @return the first thing that is wrong with it; empty if nothing is
   */
  public Optional<Fault> fault(int worker, WorkerUpdate update) {
    WorkerReport report = update.report();
    ModelState state = update.state();
    if (report.worker() != worker) {
      return unfit(worker, "comes from worker " + report.worker());
    }
    if (state.steps() != steps
        || update.reports().size() != rounds.size()
        || report.examples() < 1) {
      return unfit(
          worker,
          String.format(
              Locale.ROOT,
              "is at step %d with %d examples, not at step %d",
              state.steps(),
              report.examples(),
              steps));
    }
    for (String name : state.names()) {
      int expected = length(name);
      int length = state.section(name).length;
      if (length != expected) {
        return unfit(
            worker,
            String.format(Locale.ROOT, "has %d entries in %s, not %d", length, name, expected));
      }
    }
    for (int i = 0; i < rounds.size(); i++) {
      if (!Double.isFinite(update.reports().get(i).lossSum())) {
        return diverged("the loss of worker " + worker, rounds.get(i));
      }
    }
    return state.isFinite() ? Optional.empty() : diverged("the update of worker " + worker, last());
  }

  /**
   * Number of entries that a section of an update must have: 0 if the model has no such section.
   */
  int length(String section) {
    return lengths.getOrDefault(section, 0);
  }

  /** Size of an update's arrays in bytes. */
  public long bytes() {
    return lengths.values().stream().mapToLong(length -> (long) Float.BYTES * length).sum();
  }

  private Round last() {
    return rounds.get(rounds.size() - 1);
  }

  private Optional<Fault> diverged(String what, Round round) {
    return Optional.of(new Fault(Kind.DIVERGED, DivergenceException.message(what, model, round)));
  }

  private Optional<Fault> unfit(int worker, String how) {
    return Optional.of(
        new Fault(
            Kind.UNFIT,
            String.format(
                Locale.ROOT,
                "the update of worker %d of the %s network in epoch %d, round %d %s: make sure that"
                    + " all executors run the same job jar, then resume with --resume",
                worker,
                model,
                last().epoch(),
                last().index(),
                how)));
  }
}
