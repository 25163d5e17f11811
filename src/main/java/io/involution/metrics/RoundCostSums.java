package io.involution.metrics;

import io.involution.train.WorkerSeconds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Adds up where the wall time of a model's rounds went, row by row. */
public final class RoundCostSums {
  private final String model;
  private final List<Timed> rounds = new ArrayList<>();
  private int workers;
  private WorkerSeconds slowest;

  /** Sums for the rows of one model, before the first row. */
  public RoundCostSums(String model) {
    this.model = model;
  }

  /**
   * A round and the times of the worker whose whole round took longest, the first of equals.
   *
   * @param workers how many workers reported times
   */
  private record Timed(RoundRow round, int workers, WorkerSeconds slowest) {}

  /** Adds a row of metrics.jsonl: rows come in order, and those of other models do not count. */
  public void add(MetricsRow row) {
    if (!row.model().equals(model)) {
      return;
    }
    if (row instanceof WorkerRow worker && worker.timed()) {
      workers++;
      WorkerSeconds seconds = worker.seconds();
      slowest = slowest == null || seconds.total() > slowest.total() ? seconds : slowest;
    } else if (row instanceof RoundRow round && slowest != null) {
      rounds.add(new Timed(round, workers, slowest));
      workers = 0;
      slowest = null;
    }
  }

  /** The averages; empty if no round of the model has a row, as with the dl4j-spark trainer. */
  public Optional<RoundCosts> costs() {
    return rounds.isEmpty() ? Optional.empty() : Optional.of(average(warm(rounds)));
  }

  private static List<Timed> warm(List<Timed> rounds) {
    List<Timed> later = rounds.stream().filter(timed -> timed.round().epoch() > 1).toList();
    return later.isEmpty() ? rounds : later;
  }

  private static RoundCosts average(List<Timed> rounds) {
    return new RoundCosts(
        rounds.size(),
        rounds.stream().mapToInt(Timed::workers).max().orElse(0),
        average(rounds, timed -> timed.round().seconds().broadcast()),
        average(rounds, timed -> timed.slowest().receive()),
        average(rounds, timed -> timed.slowest().steps()),
        average(rounds, timed -> timed.slowest().load() + timed.slowest().extract()),
        average(rounds, timed -> timed.round().seconds().workers() - timed.slowest().total()),
        average(rounds, timed -> timed.round().seconds().average()),
        Straggler.of(rounds.stream().map(Timed::round).toList()));
  }

  private static double average(List<Timed> rounds, ToDoubleFunction<Timed> seconds) {
    double sum = 0;
    for (Timed round : rounds) {
      sum += seconds.applyAsDouble(round);
    }
    return sum / rounds.size();
  }
}
