package io.involution.spark;

import io.involution.bench.Spread;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.GraphState;
import io.involution.plan.measure.StepRounds;
import io.involution.train.RoundOutcome;
import io.involution.train.RoundSeconds;
import io.involution.train.WorkerSeconds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The job of {@link io.involution.bench.RoundOverhead}: rounds of one local step and empty jobs of
 * as many tasks, in turns. Arguments: the word that submit takes for the command, the network,
 * measured rounds, number of workers, examples of a global minibatch.
 */
public final class OverheadRounds {
  private static final int WARM_UP = 30;

  private OverheadRounds() {}

  /** Runs them and prints what they cost. */
  public static void main(String[] arguments) {
    NetworkKind kind = NetworkKind.valueOf(arguments[1].toUpperCase(Locale.ROOT));
    int rounds = Integer.parseInt(arguments[2]);
    int workers = Integer.parseInt(arguments[3]);
    int batchSize = Integer.parseInt(arguments[4]) / workers;
    try (ClusterSession session = ClusterSession.open("round-overhead")) {
      NetworkBlueprint blueprint =
          NetworkBlueprint.of(kind.label(), kind.configuration(new NetworkOptions(1, 0.001)));
      JavaSparkContext context = session.context();
      TaskProfiles profiles = TaskProfiles.of(context, true);
      try (StepRounds network =
          new StepRounds(context, workers, profiles, blueprint, GraphState.initial(blueprint))) {
        compare(context, network, new Case(kind.label(), workers, batchSize, rounds));
      }
    }
  }

  /** What is measured. */
  private record Case(String network, int workers, int batchSize, int rounds) {}

  private static void compare(JavaSparkContext context, StepRounds network, Case each) {
    double[] empty = new double[each.rounds()];
    List<Parts> parts = new ArrayList<>();
    for (int round = -WARM_UP; round < each.rounds(); round++) {
      double nothing = emptyJob(context, each.workers());
      Parts whole = round(network, each.batchSize());
      if (round >= 0) {
        empty[round] = 1e3 * nothing;
        parts.add(whole);
      }
    }
    double[] overhead = milliseconds(parts, Parts::beyondSteps);
    System.out.printf(
        Locale.ROOT,
        "%s, %d workers: beyond local steps %s ms, empty job %s ms, ratio %s%n",
        each.network(),
        each.workers(),
        Spread.of(overhead).format(1),
        Spread.of(empty).format(1),
        Spread.ofRatios(overhead, empty).format(2));
    System.out.printf(
        Locale.ROOT,
        "  medians: broadcast %.1f ms, receive %.1f, copy in %.1f, copy out %.1f, schedule and collect %.1f, average %.1f%n",
        median(parts, part -> part.driver().broadcast()),
        median(parts, part -> part.slowest().receive()),
        median(parts, part -> part.slowest().load()),
        median(parts, part -> part.slowest().extract()),
        median(parts, part -> part.driver().workers() - part.slowest().total()),
        median(parts, part -> part.driver().average()));
  }

  private static double median(List<Parts> parts, ToDoubleFunction<Parts> seconds) {
    return Spread.of(milliseconds(parts, seconds)).median();
  }

  private static double[] milliseconds(List<Parts> parts, ToDoubleFunction<Parts> seconds) {
    return parts.stream().mapToDouble(seconds).map(value -> 1e3 * value).toArray();
  }

  /**
   * A round's seconds.
   *
   * @param all by the clock around the whole round: broadcast, tasks, updates, average
   * @param driver the driver's
   * @param slowest those of the worker whose local step took longest
   */
  private record Parts(double all, RoundSeconds driver, WorkerSeconds slowest) {
    double beyondSteps() {
      return all - slowest.steps();
    }
  }

  private static double emptyJob(JavaSparkContext context, int tasks) {
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    long begin = System.nanoTime();
    context.parallelize(numbers, tasks).foreach(number -> {});
    return (System.nanoTime() - begin) / 1e9;
  }

  private static Parts round(StepRounds network, int batchSize) {
    long begin = System.nanoTime();
    RoundOutcome outcome = network.run(batchSize, 1);
    double all = (System.nanoTime() - begin) / 1e9;
    return new Parts(all, outcome.seconds(), outcome.slowest().seconds());
  }
}
