package io.involution.monitoring;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.involution.metrics.EpochRow;
import io.involution.model.network.NetworkKind;
import io.involution.train.EpochOutcome;
import io.involution.train.EpochPlan;
import io.involution.train.Journal;
import io.involution.train.Round;
import io.involution.train.RoundOutcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * The progress of one network's training, for Spark's plugin on this driver. If several run in
 * parallel, as in an experiment, the most recently started one is shown.
 */
public final class TrainingMetrics implements Journal {
  /**
   * By network; static, because the plugin, which Spark creates, shares only the JVM with training.
   */
  private static final Map<String, TrainingMetrics> LATEST = new ConcurrentHashMap<>();

  private static final Map<String, ToDoubleFunction<TrainingMetrics>> METRICS = metrics();

  private final String model;
  private final EpochPlan plan;
  private final int epochs;
  private final int runAttempt;
  private final LongAdder examples = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private volatile RoundMetrics last;
  private volatile EpochRow evaluated;

  private TrainingMetrics(String model, EpochPlan plan, int epochs, int runAttempt) {
    this.model = model;
    this.plan = plan;
    this.epochs = epochs;
    this.runAttempt = runAttempt;
  }

  /**
   * Starts the metrics of a training, which replace earlier ones of the same network.
   *
   * @param model the network's name
   * @param plan how an epoch is divided into rounds
   * @param epochs number of epochs
   * @param runAttempt which attempt at the run this is, from 1
   */
  public static TrainingMetrics begin(String model, EpochPlan plan, int epochs, int runAttempt) {
    TrainingMetrics metrics = new TrainingMetrics(model, plan, epochs, runAttempt);
    LATEST.put(model, metrics);
    return metrics;
  }

  /** Registers the metrics of every network; NaN until a network is trained. */
  static void register(MetricRegistry registry) {
    for (NetworkKind kind : NetworkKind.values()) {
      METRICS.forEach(
          (name, metric) ->
              registry.register(
                  kind.label() + "." + name, (Gauge<Double>) () -> value(kind.label(), metric)));
    }
  }

  private static double value(String model, ToDoubleFunction<TrainingMetrics> metric) {
    TrainingMetrics training = LATEST.get(model);
    return training == null ? Double.NaN : metric.applyAsDouble(training);
  }

  @Override
  public void roundEnded(Round round, RoundOutcome outcome) {
    long again = outcome.reports().stream().filter(report -> report.place().attempt() > 0).count();
    retries.add(again);
    examples.add(outcome.examples());
    last = RoundMetrics.of(round, outcome);
  }

  @Override
  public void epochEnded(EpochOutcome outcome) {
    evaluated = EpochRow.of(model, outcome);
  }

  private static Map<String, ToDoubleFunction<TrainingMetrics>> metrics() {
    Map<String, ToDoubleFunction<TrainingMetrics>> metrics = new LinkedHashMap<>();
    metrics.put("epochs_total", training -> training.epochs);
    metrics.put("rounds_total", training -> training.plan.roundsUntil(training.epochs));
    metrics.put("restarts", training -> training.runAttempt - 1);
    metrics.put("retried_tasks", training -> training.retries.sum());
    metrics.put("examples", training -> training.examples.sum());
    round(metrics, "epoch", last -> last.round().epoch());
    round(metrics, "round", last -> last.round().index());
    round(metrics, "round_loss", RoundMetrics::loss);
    round(metrics, "round_accuracy", RoundMetrics::accuracy);
    round(metrics, "examples_per_second", RoundMetrics::examplesPerSecond);
    round(metrics, "round_seconds", last -> last.seconds().total());
    round(metrics, "broadcast_seconds", last -> last.seconds().broadcast());
    round(metrics, "collect_seconds", RoundMetrics::collect);
    round(metrics, "average_seconds", last -> last.seconds().average());
    round(metrics, "skew", RoundMetrics::skew);
    round(metrics, "slowest_worker", RoundMetrics::slowest);
    metrics.put("rounds_done", TrainingMetrics::roundsDone);
    epoch(metrics, "epochs_done", EpochRow::epoch);
    epoch(metrics, "train_loss", row -> orNaN(row.trainLoss()));
    epoch(metrics, "train_accuracy", row -> orNaN(row.trainAccuracy()));
    epoch(metrics, "test_loss", EpochRow::testLoss);
    epoch(metrics, "test_accuracy", EpochRow::testAccuracy);
    epoch(metrics, "validation_loss", row -> orNaN(row.validationLoss()));
    epoch(metrics, "validation_accuracy", row -> orNaN(row.validationAccuracy()));
    epoch(metrics, "epoch_seconds", row -> row.roundSeconds() + row.evaluateSeconds());
    return metrics;
  }

  private double roundsDone() {
    return known(
        last, known -> plan.roundsUntil(known.round().epoch() - 1) + known.round().index());
  }

  private static void round(
      Map<String, ToDoubleFunction<TrainingMetrics>> metrics,
      String name,
      ToDoubleFunction<RoundMetrics> metric) {
    metrics.put(name, training -> known(training.last, metric));
  }

  private static void epoch(
      Map<String, ToDoubleFunction<TrainingMetrics>> metrics,
      String name,
      ToDoubleFunction<EpochRow> metric) {
    metrics.put(name, training -> known(training.evaluated, metric));
  }

  private static <T> double known(T part, ToDoubleFunction<T> metric) {
    return part == null ? Double.NaN : metric.applyAsDouble(part);
  }

  private static double orNaN(Double value) {
    return value == null ? Double.NaN : value;
  }
}
