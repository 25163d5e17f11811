package io.involution.plan.measure;

import io.involution.plan.ExchangeCosts;
import io.involution.plan.Line;
import io.involution.plan.Line.Point;
import io.involution.spark.TaskProfiles;
import io.involution.train.RoundOutcome;
import io.involution.train.WorkerSeconds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Measures what a round costs beyond the workers' own work. What a task and a byte cost is seen in
 * rounds of workers that compute nothing; what a round costs whatever its size, in real ones: after
 * seconds of local steps driver and executors are slower to get going than right after a round.
 */
final class RoundCalibration {
  /** Tasks of the rounds that show what a job and a task cost. */
  private static final List<Integer> TASKS = List.of(1, 4, 16, 64, 256);

  /** Tasks of the rounds that show what bytes cost. */
  private static final List<Integer> SENDERS = List.of(4, 16);

  /** Model states in floats: as good as nothing, some 200 KB, and 4 MB, just under one block. */
  private static final int NOTHING = 4;

  private static final List<Integer> FLOATS = List.of(NOTHING, 50_000, 1_000_000);
  private static final List<Integer> SHUFFLES = List.of(16, 64, 128);

  private final JavaSparkContext context;
  private final TaskProfiles profiles;
  private final int slots;
  private final CalibrationLog log;

  /** A round, and what it took. */
  private record Sample(RoundOutcome outcome) {
    int tasks() {
      return outcome.reports().size();
    }

    double stateBytes() {
      return outcome.bytesSent();
    }

    double receivedBytes() {
      return outcome.bytesReceived();
    }

    double receive() {
      return most(WorkerSeconds::receive);
    }

    /** What the tasks took beyond their slowest worker. */
    double collect() {
      return outcome.seconds().workers() - most(WorkerSeconds::total);
    }

    private double most(ToDoubleFunction<WorkerSeconds> part) {
      return outcome.reports().stream()
          .mapToDouble(report -> part.applyAsDouble(report.seconds()))
          .max()
          .orElseThrow();
    }
  }

  /**
   * What was found.
   *
   * @param broadcast as in {@link io.involution.plan.Coefficients}
   * @param receive likewise
   * @param scheduling likewise
   * @param exchange likewise
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
   * @param real rounds with local steps, with a worker on every slot
   */
  Found measure(List<RoundOutcome> real) {
    List<Sample> whole = real.stream().map(Sample::new).toList();
    List<Sample> empty = new ArrayList<>();
    for (int tasks : TASKS) {
      empty.addAll(samples(tasks, List.of(NOTHING)));
    }
    List<Sample> states = new ArrayList<>();
    for (int senders : SENDERS) {
      states.addAll(samples(senders, FLOATS));
    }
    Line tasks = Line.through(points(empty, Sample::tasks, Sample::collect));
    double perResultByte =
        Line.through(
                points(
                    states,
                    Sample::receivedBytes,
                    sample -> sample.collect() - tasks.at(sample.tasks())))
            .each();
    double perAverageByte =
        Line.through(
                points(states, Sample::receivedBytes, each -> each.outcome().seconds().average()))
            .each();
    return new Found(
        line(states, whole, sample -> sample.outcome().seconds().broadcast()),
        line(states, whole, Sample::receive),
        tasks.fixedBy(
            points(
                whole,
                Sample::tasks,
                sample -> sample.collect() - perResultByte * sample.receivedBytes())),
        new ExchangeCosts(perResultByte, perAverageByte, shuffle(tasks)));
  }

  /** Rounds of so many tasks, in turns over the sizes of the model state. */
  private List<Sample> samples(int tasks, List<Integer> sizes) {
    try (InstantRounds rounds = new InstantRounds(context, tasks, profiles)) {
      log.warmUp(() -> sizes.forEach(rounds::run));
      List<Sample> samples = new ArrayList<>();
      for (int round = 0; round < log.rounds(); round++) {
        sizes.forEach(floats -> samples.add(new Sample(rounds.run(floats))));
      }
      report(samples);
      return samples;
    }
  }

  private void report(List<Sample> samples) {
    Map<Long, List<Double>> seconds = new TreeMap<>();
    samples.forEach(
        sample ->
            seconds
                .computeIfAbsent(sample.outcome().bytesSent(), bytes -> new ArrayList<>())
                .add(sample.outcome().seconds().total()));
    seconds.forEach(
        (bytes, all) ->
            log.timing(
                "a round of %d tasks that return %,d bytes at once"
                    .formatted(samples.get(0).tasks(), bytes),
                all));
  }

  /** A slot fetches a block from each task for each of the tasks that it has. */
  private double shuffle(Line tasks) {
    List<Point> points = new ArrayList<>(List.of(new Point(0, 0)));
    for (int count : SHUFFLES) {
      EmptyShuffle.run(context, count);
      List<Double> seconds = new ArrayList<>();
      for (int round = 0; round < log.rounds(); round++) {
        seconds.add(EmptyShuffle.run(context, count));
      }
      double median = log.timing("a shuffle of nothing between %d tasks".formatted(count), seconds);
      points.add(new Point((double) count * count / slots, median - 2 * tasks.at(count)));
    }
    return Line.through(points).each();
  }

  /** A byte's cost by rounds of nothing, what is always there by real ones. */
  private static Line line(
      List<Sample> states, List<Sample> whole, ToDoubleFunction<Sample> seconds) {
    return Line.through(points(states, Sample::stateBytes, seconds))
        .fixedBy(points(whole, Sample::stateBytes, seconds));
  }

  private static List<Point> points(
      List<Sample> samples, ToDoubleFunction<Sample> size, ToDoubleFunction<Sample> seconds) {
    return samples.stream()
        .map(sample -> new Point(size.applyAsDouble(sample), seconds.applyAsDouble(sample)))
        .toList();
  }
}
