package io.involution.monitoring;

import io.involution.metrics.EpochRow;
import io.involution.metrics.ModelResult;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import io.involution.train.RoundOutcome;
import io.involution.train.time.Course;
import io.involution.train.time.Position;
import io.involution.train.time.Round;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** The metrics of one network's training, for the endpoint of this driver. */
public final class TrainingMetrics implements Journal {
  /**
   * By run and network; static, because the plugin, which Spark creates, shares only the JVM with
   * training.
   */
  private static final Map<Subject, TrainingMetrics> SHOWN = new ConcurrentHashMap<>();

  /** As long as Prometheus itself shows a value that nobody publishes anymore. */
  private static final long KEPT_NANOS = Duration.ofMinutes(5).toNanos();

  private final Subject subject;
  private final Course course;
  private final Map<Metric, Double> values = new EnumMap<>(Metric.class);
  private final RoundSums sums = new RoundSums();
  private long progressNanos;
  private long finishedNanos;
  private boolean finished;

  /**
   * What is trained.
   *
   * @param run the run's folder
   * @param network the network's name
   */
  public record Subject(String run, String network) {
    List<String> labels() {
      return List.of("run", run, "network", network);
    }
  }

  private TrainingMetrics(Subject subject, Course course) {
    this.subject = subject;
    this.course = course;
  }

  /**
   * Starts the metrics of a training. Those of trainings without progress for five minutes are
   * shown no longer.
   *
   * @param subject what is trained
   * @param course the whole training
   * @param attempt which attempt at the run this is, from 1
   * @param from where training goes on
   */
  public static TrainingMetrics begin(Subject subject, Course course, int attempt, Position from) {
    TrainingMetrics begun = new TrainingMetrics(subject, course);
    begun.values.put(Metric.EPOCHS_PLANNED, course.epochs().value());
    begun.values.put(Metric.ROUNDS_PLANNED, (double) course.roundsUntil(course.epochs().last()));
    begun.values.put(Metric.RUN_ATTEMPT, (double) attempt);
    begun.reached(from.epochs(), course.roundsUntil(from.epochs()) + from.rounds());
    SHOWN.values().removeIf(TrainingMetrics::isOld);
    begun.show();
    return begun;
  }

  /** Adds the values of all trainings that are shown. */
  static void write(Exposition exposition) {
    SHOWN.values().forEach(training -> training.writeTo(exposition));
  }

  /** Forgets all trainings. */
  static void forget() {
    SHOWN.clear();
  }

  /** When the last one finished, by {@link System#nanoTime()}; empty if none did. */
  static OptionalLong lastFinished() {
    long now = System.nanoTime();
    // Compared by their distance from now: nanoTime may overflow.
    return SHOWN.values().stream()
        .flatMapToLong(training -> training.finishedNanos().stream())
        .map(finished -> now - finished)
        .min()
        .stream()
        .map(ago -> now - ago)
        .findFirst();
  }

  @Override
  public void roundEnded(Round round, RoundOutcome outcome) {
    synchronized (this) {
      sums.add(outcome);
      reached(round.epoch() - 1, course.roundsUntil(round.epoch() - 1) + round.index());
    }
    show();
  }

  @Override
  public void workersUnknown(int epoch, List<Integer> examples) {
    synchronized (this) {
      examples.forEach(count -> sums.addExamples(count));
    }
  }

  @Override
  public void epochEnded(EpochOutcome outcome) {
    EpochRow row = EpochRow.of(subject.network(), outcome);
    synchronized (this) {
      put(Metric.TRAIN_LOSS, row.trainLoss());
      put(Metric.TRAIN_ACCURACY_RATIO, row.trainAccuracy());
      put(Metric.VALIDATION_LOSS, row.validationLoss());
      put(Metric.VALIDATION_ACCURACY_RATIO, row.validationAccuracy());
      put(Metric.TEST_LOSS, row.testLoss());
      put(Metric.TEST_ACCURACY_RATIO, row.testAccuracy());
      values.merge(Metric.EVALUATION_SECONDS_TOTAL, row.evaluateSeconds(), Double::sum);
      reached(row.epoch(), course.roundsUntil(row.epoch()));
    }
    show();
  }

  /** Training has finished, in this attempt or an earlier one. */
  public void finished(ModelResult result) {
    synchronized (this) {
      put(Metric.TRAIN_LOSS, result.trainLoss());
      put(Metric.TRAIN_ACCURACY_RATIO, result.trainAccuracy());
      put(Metric.TEST_LOSS, result.testLoss());
      put(Metric.TEST_ACCURACY_RATIO, result.testAccuracy());
      if (result.epochs() != null) {
        // It may have stopped early.
        put(Metric.EPOCHS_PLANNED, EpochRow.end(result.epochs(), course.epochs().value()));
        put(Metric.ROUNDS_PLANNED, (double) course.roundsUntil(result.epochs()));
      }
      finished = true;
      finishedNanos = System.nanoTime();
    }
    show();
  }

  /** Shown again if it has been taken for old: a round may take longer than that. */
  private void show() {
    SHOWN.put(subject, this);
  }

  private void put(Metric metric, Double value) {
    values.put(metric, value == null ? Double.NaN : value);
  }

  private void reached(int epochs, long rounds) {
    put(Metric.EPOCHS_DONE, EpochRow.end(epochs, course.epochs().value()));
    put(Metric.ROUNDS_DONE, (double) rounds);
    put(Metric.LAST_PROGRESS_TIMESTAMP_SECONDS, System.currentTimeMillis() / 1e3);
    progressNanos = System.nanoTime();
  }

  private synchronized boolean isOld() {
    return System.nanoTime() - progressNanos > KEPT_NANOS;
  }

  private synchronized OptionalLong finishedNanos() {
    return finished ? OptionalLong.of(finishedNanos) : OptionalLong.empty();
  }

  private synchronized void writeTo(Exposition exposition) {
    List<String> labels = new ArrayList<>(subject.labels());
    values.forEach((metric, value) -> exposition.add(metric, value, labels));
    sums.writeTo(exposition, labels);
  }
}
