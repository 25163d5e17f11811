package io.involution.plan.measure;

import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.plan.Line;
import io.involution.plan.Line.Point;
import io.involution.plan.NetworkCosts;
import io.involution.plan.Timing;
import io.involution.spark.TaskProfiles;
import io.involution.train.RoundOutcome;
import io.involution.train.WorkerSeconds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Measures how much time a network takes on a worker, in real rounds on the synthetic set: with a
 * worker on every task slot, alternating with a single one.
 */
final class StepCalibration {
  /** Local steps of a round, by examples in a minibatch. */
  private static final Map<Integer, Integer> STEPS =
      new TreeMap<>(Map.of(256, 2, 128, 2, 64, 4, 16, 8));

  private final JavaSparkContext context;
  private final TaskProfiles profiles;
  private final int slots;
  private final CalibrationLog log;
  private final List<RoundOutcome> measured = new ArrayList<>();

  StepCalibration(JavaSparkContext context, TaskProfiles profiles, int slots, CalibrationLog log) {
    this.context = context;
    this.profiles = profiles;
    this.slots = slots;
    this.log = log;
  }

  NetworkCosts measure(NetworkBlueprint blueprint) {
    ModelState start = GraphState.initial(blueprint);
    try (StepRounds together = new StepRounds(context, slots, profiles, blueprint, start);
        StepRounds alone = new StepRounds(context, 1, profiles, blueprint, start)) {
      log.say(blueprint.label() + ": warming up");
      log.warmUp(
          () -> {
            STEPS.forEach(together::run);
            STEPS.forEach(alone::run);
          });
      return measure(blueprint.label(), start.bytes(), together, alone);
    }
  }

  /** The rounds measured so far with a worker on every task slot. */
  List<RoundOutcome> rounds() {
    return List.copyOf(measured);
  }

  private NetworkCosts measure(String label, long bytes, StepRounds together, StepRounds alone) {
    Map<Integer, List<Double>> seconds = new TreeMap<>();
    List<Double> contention = new ArrayList<>();
    List<Double> copies = new ArrayList<>();
    for (int round = 0; round < log.rounds(); round++) {
      STEPS.forEach(
          (batchSize, steps) -> {
            RoundOutcome outcome = together.run(batchSize, steps);
            measured.add(outcome);
            WorkerSeconds busy = outcome.slowest().seconds();
            seconds.computeIfAbsent(batchSize, size -> new ArrayList<>()).add(busy.steps() / steps);
            copies.add(busy.load() + busy.extract());
            if (slots > 1) {
              contention.add(
                  busy.steps() / alone.run(batchSize, steps).slowest().seconds().steps());
            }
          });
    }
    List<Point> points = new ArrayList<>();
    seconds.forEach(
        (batchSize, all) -> {
          log.timing(
              String.format(Locale.ROOT, "%s: a step of %d examples", label, batchSize), all);
          all.forEach(each -> points.add(new Point(batchSize, each)));
        });
    double copy = log.timing(label + ": copying its model state in and out", copies);
    return new NetworkCosts(bytes, Line.through(points), contention(label, contention), copy);
  }

  private double contention(String label, List<Double> ratios) {
    if (ratios.isEmpty()) {
      return 1;
    }
    Timing ratio = Timing.of(ratios);
    log.say(
        String.format(
            Locale.ROOT,
            "%s: a step on %d slots at once relative to one alone: %.2f (%.2f to %.2f)",
            label,
            slots,
            ratio.median(),
            ratio.least(),
            ratio.most()));
    return ratio.median();
  }
}
