package io.involution.cli;

import io.involution.plan.ExchangeCosts;
import io.involution.plan.Line;
import io.involution.plan.Line.Point;
import io.involution.plan.Timing;
import io.involution.spark.EmptyShuffle;
import io.involution.spark.InstantRounds;
import io.involution.spark.TaskProfiles;
import io.involution.train.RoundOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.spark.api.java.JavaSparkContext;

/** Measures what a round costs beyond the workers' own work, by rounds of workers without any. */
final class RoundCalibration {
  /** Tasks of the rounds that show what a job and a task cost. */
  private static final List<Integer> TASKS = List.of(1, 4, 16, 64, 256);

  /** Tasks of the rounds that show what bytes cost. */
  private static final List<Integer> SENDERS = List.of(4, 16);

  /** Model states in floats: as good as nothing, some 200 KB, and 4 MB, just under one block. */
  private static final int NOTHING = 4;

  private static final List<Integer> FLOATS = List.of(NOTHING, 50_000, 1_000_000);
  private static final int SHUFFLE_TASKS = 64;

  private final JavaSparkContext context;
  private final TaskProfiles profiles;
  private final int slots;
  private final CalibrationLog log;

  /** A round's size, and what it took. */
  private record Sample(int tasks, int floats, RoundOutcome outcome) {
    double stateBytes() {
      return outcome.bytesSent();
    }

    double receivedBytes() {
      return outcome.bytesReceived();
    }

    double receive() {
      return outcome.reports().stream()
          .mapToDouble(report -> report.seconds().receive())
          .max()
          .orElseThrow();
    }

    /** What the tasks took beyond waiting for the model state. */
    double collect() {
      return outcome.seconds().workers() - receive();
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

  Found measure() {
    List<Sample> empty = new ArrayList<>();
    for (int tasks : TASKS) {
      empty.addAll(samples(tasks, List.of(NOTHING)));
    }
    Line scheduling = line(empty, Sample::tasks, Sample::collect);
    List<Sample> states = new ArrayList<>();
    for (int senders : SENDERS) {
      states.addAll(samples(senders, FLOATS));
    }
    ToDoubleFunction<Sample> beyondScheduling =
        sample -> sample.collect() - scheduling.at(sample.tasks());
    ExchangeCosts exchange =
        new ExchangeCosts(
            line(states, Sample::receivedBytes, beyondScheduling).each(),
            line(states, Sample::receivedBytes, sample -> sample.outcome().seconds().average())
                .each(),
            shuffle(scheduling));
    return new Found(
        line(states, Sample::stateBytes, sample -> sample.outcome().seconds().broadcast()),
        line(states, Sample::stateBytes, Sample::receive),
        scheduling,
        exchange);
  }

  /** Rounds of so many tasks, in turns over the sizes of the model state. */
  private List<Sample> samples(int tasks, List<Integer> sizes) {
    try (InstantRounds rounds = new InstantRounds(context, tasks, profiles)) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(log.warmUpSeconds());
      do {
        sizes.forEach(rounds::run);
      } while (System.nanoTime() < end);
      List<Sample> samples = new ArrayList<>();
      for (int round = 0; round < log.rounds(); round++) {
        sizes.forEach(floats -> samples.add(new Sample(tasks, floats, rounds.run(floats))));
      }
      report(samples);
      return samples;
    }
  }

  private void report(List<Sample> samples) {
    Map<Integer, List<Double>> seconds = new HashMap<>();
    samples.forEach(
        sample ->
            seconds
                .computeIfAbsent(sample.floats(), floats -> new ArrayList<>())
                .add(sample.outcome().seconds().total()));
    seconds.forEach(
        (floats, all) ->
            log.timing(
                "a round of %d tasks that return %,d floats at once"
                    .formatted(samples.get(0).tasks(), floats),
                all));
  }

  /** Every executor fetches a block for each of the tasks that it has, from each of all tasks. */
  private double shuffle(Line scheduling) {
    List<Double> seconds = new ArrayList<>();
    EmptyShuffle.run(context, SHUFFLE_TASKS);
    for (int round = 0; round < log.rounds(); round++) {
      seconds.add(EmptyShuffle.run(context, SHUFFLE_TASKS));
    }
    log.timing("a shuffle of nothing between %d tasks".formatted(SHUFFLE_TASKS), seconds);
    double beyond = Timing.of(seconds).median() - 2 * scheduling.at(SHUFFLE_TASKS);
    return Math.max(0, beyond) * slots / ((double) SHUFFLE_TASKS * SHUFFLE_TASKS);
  }

  private static Line line(
      List<Sample> samples, ToDoubleFunction<Sample> size, ToDoubleFunction<Sample> seconds) {
    return Line.through(
        samples.stream()
            .map(sample -> new Point(size.applyAsDouble(sample), seconds.applyAsDouble(sample)))
            .toList());
  }
}
