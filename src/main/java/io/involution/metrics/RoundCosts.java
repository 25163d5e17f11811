package io.involution.metrics;

import io.involution.train.WorkerSeconds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Where the wall time of a model's rounds went, in average seconds per round. The parts add up to
 * the whole: what a round's slowest worker did, and what the driver and Spark did around it.
 *
 * @param rounds number of rounds averaged over; without the first epoch if there are others
 * @param workers number of workers
 * @param broadcast making the model state available
 * @param receive the slowest worker's wait for the model state
 * @param steps its local steps
 * @param copy its copying of the state into the network and out of it
 * @param schedule the rest of the tasks' time: scheduling, serializing, collecting the updates
 * @param average the rest of averaging once all updates have arrived
 * @param straggler the worker that the others wait for
 */
public record RoundCosts(
    int rounds,
    int workers,
    double broadcast,
    double receive,
    double steps,
    double copy,
    double schedule,
    double average,
    Straggler straggler) {

  /** Average seconds of a round. */
  public double total() {
    return steps + overhead();
  }

  /** Average seconds of a round beyond its local steps. */
  public double overhead() {
    return broadcast + receive + copy + schedule + average;
  }

  /** A round, and the times of its workers. */
  private record Timed(RoundRow round, List<WorkerSeconds> workers) {
    /** The times of the worker whose whole round took longest, the first of equals. */
    private WorkerSeconds slowest() {
      return Collections.max(workers, Comparator.comparingDouble(WorkerSeconds::total));
    }
  }

  /**
   * Adds up the rows of a model.
   *
   * @param rows all rows of metrics.jsonl, in order
   * @param model the network's name
   * @return null if no round of the model has a row, as with the dl4j-spark trainer
   */
  public static RoundCosts of(List<MetricsRow> rows, String model) {
    List<Timed> rounds = new ArrayList<>();
    List<WorkerSeconds> workers = new ArrayList<>();
    for (MetricsRow row : rows) {
      if (!row.model().equals(model)) {
        continue;
      }
      if (row instanceof WorkerRow worker && worker.timed()) {
        workers.add(worker.seconds());
      } else if (row instanceof RoundRow round && !workers.isEmpty()) {
        rounds.add(new Timed(round, workers));
        workers = new ArrayList<>();
      }
    }
    return rounds.isEmpty() ? null : average(warm(rounds));
  }

  private static List<Timed> warm(List<Timed> rounds) {
    List<Timed> later = rounds.stream().filter(timed -> timed.round().epoch() > 1).toList();
    return later.isEmpty() ? rounds : later;
  }

  private static RoundCosts average(List<Timed> rounds) {
    return new RoundCosts(
        rounds.size(),
        rounds.stream().mapToInt(timed -> timed.workers().size()).max().orElse(0),
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
