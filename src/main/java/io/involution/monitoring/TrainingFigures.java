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
 * How the training of one network goes, for Spark's plugin on this driver. Of trainings side by
 * side, as an experiment has them, the one that began last shows.
 */
public final class TrainingFigures implements Journal {
  /** By network: the plugin, which Spark makes, shares nothing but the JVM with the training. */
  private static final Map<String, TrainingFigures> LATEST = new ConcurrentHashMap<>();

  private static final Map<String, ToDoubleFunction<TrainingFigures>> FIGURES = figures();

  private final String model;
  private final EpochPlan plan;
  private final int epochs;
  private final int runAttempt;
  private final LongAdder examples = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private volatile RoundFigures last;
  private volatile EpochRow evaluated;

  private TrainingFigures(String model, EpochPlan plan, int epochs, int runAttempt) {
    this.model = model;
    this.plan = plan;
    this.epochs = epochs;
    this.runAttempt = runAttempt;
  }

  /**
   * Begins a training, which from now on shows as its network's.
   *
   * @param model the network's name
   * @param plan how an epoch is cut into rounds
   * @param epochs number of epochs
   * @param runAttempt which attempt at the run this is, from 1
   */
  public static TrainingFigures begin(String model, EpochPlan plan, int epochs, int runAttempt) {
    TrainingFigures figures = new TrainingFigures(model, plan, epochs, runAttempt);
    LATEST.put(model, figures);
    return figures;
  }

  /** Shows the figures of every network, not a number where there is none yet. */
  static void register(MetricRegistry registry) {
    for (NetworkKind kind : NetworkKind.values()) {
      FIGURES.forEach(
          (name, figure) ->
              registry.register(
                  kind.label() + "." + name, (Gauge<Double>) () -> value(kind.label(), figure)));
    }
  }

  private static double value(String model, ToDoubleFunction<TrainingFigures> figure) {
    TrainingFigures training = LATEST.get(model);
    return training == null ? Double.NaN : figure.applyAsDouble(training);
  }

  @Override
  public void roundEnded(Round round, RoundOutcome outcome) {
    long again = outcome.reports().stream().filter(report -> report.place().attempt() > 0).count();
    retries.add(again);
    examples.add(outcome.examples());
    last = RoundFigures.of(round, outcome);
  }

  @Override
  public void epochEnded(EpochOutcome outcome) {
    evaluated = EpochRow.of(model, outcome);
  }

  private static Map<String, ToDoubleFunction<TrainingFigures>> figures() {
    Map<String, ToDoubleFunction<TrainingFigures>> figures = new LinkedHashMap<>();
    figures.put("epochs_total", training -> training.epochs);
    figures.put("rounds_total", training -> training.plan.roundsUntil(training.epochs));
    figures.put("restarts", training -> training.runAttempt - 1);
    figures.put("retried_tasks", training -> training.retries.sum());
    figures.put("examples", training -> training.examples.sum());
    round(figures, "epoch", last -> last.round().epoch());
    round(figures, "round", last -> last.round().index());
    round(figures, "round_loss", RoundFigures::loss);
    round(figures, "round_accuracy", RoundFigures::accuracy);
    round(figures, "examples_per_second", RoundFigures::examplesPerSecond);
    round(figures, "round_seconds", last -> last.seconds().total());
    round(figures, "broadcast_seconds", last -> last.seconds().broadcast());
    round(figures, "collect_seconds", RoundFigures::collect);
    round(figures, "average_seconds", last -> last.seconds().average());
    round(figures, "skew", RoundFigures::skew);
    round(figures, "slowest_worker", RoundFigures::slowest);
    figures.put("rounds_done", TrainingFigures::roundsDone);
    epoch(figures, "epochs_done", EpochRow::epoch);
    epoch(figures, "train_loss", row -> orNaN(row.trainLoss()));
    epoch(figures, "train_accuracy", row -> orNaN(row.trainAccuracy()));
    epoch(figures, "test_loss", EpochRow::testLoss);
    epoch(figures, "test_accuracy", EpochRow::testAccuracy);
    epoch(figures, "validation_loss", row -> orNaN(row.validationLoss()));
    epoch(figures, "validation_accuracy", row -> orNaN(row.validationAccuracy()));
    epoch(figures, "epoch_seconds", row -> row.roundSeconds() + row.evaluateSeconds());
    return figures;
  }

  private double roundsDone() {
    return known(
        last, known -> plan.roundsUntil(known.round().epoch() - 1) + known.round().index());
  }

  private static void round(
      Map<String, ToDoubleFunction<TrainingFigures>> figures,
      String name,
      ToDoubleFunction<RoundFigures> figure) {
    figures.put(name, training -> known(training.last, figure));
  }

  private static void epoch(
      Map<String, ToDoubleFunction<TrainingFigures>> figures,
      String name,
      ToDoubleFunction<EpochRow> figure) {
    figures.put(name, training -> known(training.evaluated, figure));
  }

  private static <T> double known(T part, ToDoubleFunction<T> figure) {
    return part == null ? Double.NaN : figure.applyAsDouble(part);
  }

  private static double orNaN(Double value) {
    return value == null ? Double.NaN : value;
  }
}
