package io.involution.plan.measure;

import io.involution.plan.ExchangeCosts;
import io.involution.plan.Line;
import io.involution.plan.Line.Point;
import io.involution.spark.TaskProfiles;
import io.involution.train.RoundOutcome;
import io.involution.train.WorkerSeconds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Measures the time that a round takes in addition to the workers' own work. The cost per task and
 * per byte is measured in rounds whose workers compute nothing; the fixed cost of a round in real
 * ones: after seconds of local steps, driver and executors need longer to get going than right
 * after a round.
 */
final class RoundCalibration {
  /** Number of tasks of the rounds that show the cost of a job and a task. */
  private static final List<Integer> TASKS = List.of(1, 4, 16, 64, 256);

  /** Number of tasks of the rounds that show the cost of bytes. */
  private static final List<Integer> SENDERS = List.of(4, 16);

  /** Sizes of model states in floats: almost nothing, 200 KB, and 4 MB, just under one block. */
  private static final int NOTHING = 4;

  private static final List<Integer> FLOATS = List.of(NOTHING, 50_000, 1_000_000);
  private static final List<Integer> SHUFFLES = List.of(16, 64, 128);

  private final JavaSparkContext context;
  private final TaskProfiles profiles;
  private final int slots;
  private final CalibrationLog log;

  /**
   * The results.
   *
   * @param broadcast as in {@link io.involution.plan.Coefficients}
   * @param receive as above
   * @param scheduling as above
   * @param exchange as above
   */
  record Found(Line broadcast, Line receive, Line scheduling, ExchangeCosts exchange) {}

  RoundCalibration(JavaSparkContext context, TaskProfiles profiles, int slots, CalibrationLog log) {
    this.context = context;
    this.profiles = profiles;
    this.slots = slots;
    this.log = log;
  }

  /**
   * Measures.
   *
   * @param real rounds with local steps and a worker on every task slot
   */
  Found measure(List<RoundOutcome> real) {
    List<RoundOutcome> empty = new ArrayList<>();
    for (int tasks : TASKS) {
      empty.addAll(samples(tasks, List.of(NOTHING)));
    }
    List<RoundOutcome> states = new ArrayList<>();
    for (int senders : SENDERS) {
      states.addAll(samples(senders, FLOATS));
    }
    Line tasks = Line.through(points(empty, RoundCalibration::tasks, RoundCalibration::collect));
    double perResultByte =
        Line.through(
                points(
                    states,
                    RoundOutcome::bytesReceived,
                    sample -> collect(sample) - tasks.at(tasks(sample))))
            .each();
    double perAverageByte =
        Line.through(points(states, RoundOutcome::bytesReceived, each -> each.seconds().average()))
            .each();
    return new Found(
        line(states, real, sample -> sample.seconds().broadcast()),
        line(states, real, RoundCalibration::receive),
        tasks.fixedBy(
            points(
                real,
                RoundCalibration::tasks,
                sample -> collect(sample) - perResultByte * sample.bytesReceived())),
        new ExchangeCosts(perResultByte, perAverageByte, shuffle(tasks)));
  }

  /** Rounds of a number of tasks, alternating between the sizes of the model state. */
  private List<RoundOutcome> samples(int tasks, List<Integer> sizes) {
    try (InstantRounds rounds = new InstantRounds(context, tasks, profiles)) {
      log.warmUp(() -> sizes.forEach(rounds::run));
      List<RoundOutcome> samples = new ArrayList<>();
      for (int round = 0; round < log.rounds(); round++) {
        sizes.forEach(floats -> samples.add(rounds.run(floats)));
      }
      report(samples);
      return samples;
    }
  }

  private void report(List<RoundOutcome> samples) {
    Map<Long, List<Double>> seconds = new TreeMap<>();
    samples.forEach(
        sample ->
            seconds
                .computeIfAbsent(sample.bytesSent(), bytes -> new ArrayList<>())
                .add(sample.seconds().total()));
    seconds.forEach(
        (bytes, all) ->
            log.timing(
                String.format(
                    Locale.ROOT,
                    "a round of %.0f tasks that return %,d bytes immediately",
                    tasks(samples.get(0)),
                    bytes),
                all));
  }

  /** For each of its tasks, a slot fetches a block from every task. */
  private double shuffle(Line tasks) {
    List<Point> points = new ArrayList<>(List.of(new Point(0, 0)));
    for (int count : SHUFFLES) {
      EmptyShuffle.run(context, count);
      List<Double> seconds = new ArrayList<>();
      for (int round = 0; round < log.rounds(); round++) {
        seconds.add(EmptyShuffle.run(context, count));
      }
      double median =
          log.timing(
              String.format(Locale.ROOT, "an empty shuffle between %d tasks", count), seconds);
      points.add(new Point((double) count * count / slots, median - 2 * tasks.at(count)));
    }
    return Line.through(points).each();
  }

  private static double tasks(RoundOutcome round) {
    return round.reports().size();
  }

  private static double receive(RoundOutcome round) {
    return slowest(round, WorkerSeconds::receive);
  }

  /** Time of the tasks beyond that of their slowest worker. */
  private static double collect(RoundOutcome round) {
    return round.seconds().workers() - slowest(round, WorkerSeconds::total);
  }

  private static double slowest(RoundOutcome round, ToDoubleFunction<WorkerSeconds> part) {
    return round.reports().stream()
        .mapToDouble(report -> part.applyAsDouble(report.seconds()))
        .max()
        .orElseThrow();
  }

  /** The cost per byte from empty rounds, the fixed cost from real ones. */
  private static Line line(
      List<RoundOutcome> states, List<RoundOutcome> real, ToDoubleFunction<RoundOutcome> seconds) {
    return Line.through(points(states, RoundOutcome::bytesSent, seconds))
        .fixedBy(points(real, RoundOutcome::bytesSent, seconds));
  }

  private static List<Point> points(
      List<RoundOutcome> samples,
      ToDoubleFunction<RoundOutcome> size,
      ToDoubleFunction<RoundOutcome> seconds) {
    return samples.stream()
        .map(sample -> new Point(size.applyAsDouble(sample), seconds.applyAsDouble(sample)))
        .toList();
  }
}
