package io.involution.monitoring;

import io.involution.metrics.Straggler;
import io.involution.train.RoundOutcome;
import io.involution.train.RoundSeconds;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerSeconds;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the rounds of a training add up to, and the last one by itself. */
final class RoundSums {
  private final Map<String, Double> phases = new TreeMap<>();
  private final Map<Integer, WorkerSums> workers = new TreeMap<>();
  private RoundOutcomeValues last;
  private long rounds;
  private long examples;
  private long retries;

  /** The last round without its model state, which must not be kept. */
  private record RoundOutcomeValues(double loss, double accuracy, double skew) {}

  /** One worker's rounds. */
  private static final class WorkerSums {
    private final Map<String, Double> phases = new TreeMap<>();
    private long examples;
    private double loss;

    private void add(WorkerReport report) {
      WorkerSeconds seconds = report.seconds();
      phases.merge("receive", seconds.receive(), Double::sum);
      phases.merge("load", seconds.load(), Double::sum);
      phases.merge("steps", seconds.steps(), Double::sum);
      phases.merge("extract", seconds.extract(), Double::sum);
      examples += report.examples();
      loss = report.lossSum() / report.examples();
    }
  }

  /** Adds a round. */
  void add(RoundOutcome outcome) {
    RoundSeconds seconds = outcome.seconds();
    double longest =
        outcome.reports().stream()
            .mapToDouble(report -> report.seconds().total())
            .max()
            .orElseThrow();
    phases.merge("broadcast", seconds.broadcast(), Double::sum);
    phases.merge("workers", longest, Double::sum);
    // Scheduling, serializing, and collecting; clocks of several machines may make it negative.
    phases.merge("collect", Math.max(0, seconds.workers() - longest), Double::sum);
    phases.merge("average", seconds.average(), Double::sum);
    outcome
        .reports()
        .forEach(
            report ->
                workers.computeIfAbsent(report.worker(), worker -> new WorkerSums()).add(report));
    rounds++;
    retries += outcome.reports().stream().filter(report -> report.place().attempt() > 0).count();
    addExamples(outcome.examples());
    double count = outcome.examples();
    last =
        new RoundOutcomeValues(
            outcome.lossSum() / count,
            outcome.correct() / count,
            Straggler.skew(outcome.stepSeconds()));
  }

  /** Adds examples that were trained on in no round. */
  void addExamples(int count) {
    examples += count;
  }

  /**
   * Adds the values.
   *
   * @param labels those of the network
   */
  void writeTo(Exposition exposition, List<String> labels) {
    exposition.add(Metric.ROUNDS_TOTAL, (double) rounds, labels);
    exposition.add(Metric.EXAMPLES_TOTAL, (double) examples, labels);
    exposition.add(Metric.TASK_RETRIES_TOTAL, (double) retries, labels);
    if (last != null) {
      exposition.add(Metric.ROUND_LOSS, last.loss(), labels);
      exposition.add(Metric.ROUND_ACCURACY_RATIO, last.accuracy(), labels);
      exposition.add(Metric.ROUND_SKEW_RATIO, last.skew(), labels);
    }
    phases(exposition, Metric.ROUND_PHASE_SECONDS_TOTAL, phases, labels);
    workers.forEach(
        (worker, sums) -> {
          List<String> own = with(labels, "worker", worker.toString());
          exposition.add(Metric.WORKER_EXAMPLES_TOTAL, (double) sums.examples, own);
          exposition.add(Metric.WORKER_ROUND_LOSS, sums.loss, own);
          phases(exposition, Metric.WORKER_PHASE_SECONDS_TOTAL, sums.phases, own);
        });
  }

  private static void phases(
      Exposition exposition, Metric metric, Map<String, Double> seconds, List<String> labels) {
    seconds.forEach((phase, value) -> exposition.add(metric, value, with(labels, "phase", phase)));
  }

  private static List<String> with(List<String> labels, String name, String value) {
    return Stream.concat(labels.stream(), Stream.of(name, value)).toList();
  }
}
