package io.involution.spark;

import io.involution.bench.Spread;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.plan.measure.InstantRounds;
import io.involution.plan.measure.StepRounds;
import io.involution.train.RoundOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The job of {@link io.involution.bench.RoundOverhead}: rounds of one local step and empty jobs of
 * as many tasks, in turns. Arguments: the word that submit takes for the command, the network,
 * measured rounds, number of workers, examples of a global minibatch, whether steps take no time.
 */
public final class OverheadRounds {
  private static final int WARM_UP = 60;

  private OverheadRounds() {}

  /** Runs them and prints what they cost. */
  public static void main(String[] arguments) {
    NetworkKind kind = NetworkKind.valueOf(arguments[1].toUpperCase(Locale.ROOT));
    int rounds = Integer.parseInt(arguments[2]);
    int workers = Integer.parseInt(arguments[3]);
    int batchSize = Integer.parseInt(arguments[4]) / workers;
    boolean instant = Boolean.parseBoolean(arguments[5]);
    try (ClusterSession session = ClusterSession.open("round-overhead")) {
      NetworkBlueprint blueprint =
          NetworkBlueprint.of(kind.label(), kind.configuration(new NetworkOptions(1, 0.001)));
      JavaSparkContext context = session.context();
      TaskProfiles profiles = TaskProfiles.of(context, true);
      ModelState start = GraphState.initial(blueprint);
      Case each = new Case(kind.label() + (instant ? ", no steps" : ""), workers, rounds);
      if (instant) {
        try (InstantRounds none = new InstantRounds(context, workers, profiles)) {
          int floats = Math.toIntExact(start.bytes() / Float.BYTES);
          compare(context, () -> none.run(floats), each);
          beside(context, none, floats, each);
        }
        return;
      }
      try (StepRounds network = new StepRounds(context, workers, profiles, blueprint, start)) {
        compare(context, () -> network.run(batchSize, 1), each);
      }
    }
  }

  /**
   * An epoch's only round and the evaluation of the epoch before it: one after the other, and at
   * once, in turns, where neither computes anything.
   */
  private static void beside(JavaSparkContext context, InstantRounds round, int floats, Case each) {
    ModelState model = ModelState.of(0, new float[floats / 3], new float[0]);
    Runnable evaluation = () -> emptyEvaluation(context, model, each.workers());
    double[] after = new double[each.rounds()];
    double[] beside = new double[each.rounds()];
    for (int i = 0; i < each.rounds(); i++) {
      after[i] =
          Parts.of(
                  () -> {
                    evaluation.run();
                    return round.run(floats);
                  })
              .all();
      beside[i] =
          Parts.of(
                  () -> {
                    CompletableFuture<Void> evaluated = CompletableFuture.runAsync(evaluation);
                    RoundOutcome outcome = round.run(floats);
                    evaluated.join();
                    return outcome;
                  })
              .all();
    }
    System.out.printf(
        Locale.ROOT,
        "  a round after an evaluation %s ms, beside it %s ms, ratio %s%n",
        Spread.of(after).format(1),
        Spread.of(beside).format(1),
        Spread.ofRatios(beside, after).format(2));
  }

  private static void emptyEvaluation(JavaSparkContext context, ModelState model, int tasks) {
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    try (SharedValue<ModelState> shared = SharedValue.of(context, model, model.bytes())) {
      context.parallelize(numbers, tasks).map(number -> shared.value().steps()).collect();
    }
  }

  /** What is measured. */
  private record Case(String network, int workers, int rounds) {}

  private static void compare(JavaSparkContext context, Supplier<RoundOutcome> round, Case each) {
    List<Parts> empty = new ArrayList<>();
    List<Parts> parts = new ArrayList<>();
    for (int i = -WARM_UP; i < each.rounds(); i++) {
      Parts nothing = Parts.of(() -> emptyJob(context, each.workers()));
      Parts whole = Parts.of(round);
      if (i >= 0) {
        empty.add(nothing);
        parts.add(whole);
      }
    }
    double[] overhead = values(parts, Parts::beyondSteps);
    double[] nothing = values(empty, Parts::all);
    System.out.printf(
        Locale.ROOT,
        "%s, %d workers, %s: beyond local steps %s ms, empty job %s ms, ratio %s%n",
        each.network(),
        each.workers(),
        context.master(),
        Spread.of(overhead).format(1),
        Spread.of(nothing).format(1),
        Spread.ofRatios(overhead, nothing).format(2));
    System.out.printf(
        Locale.ROOT,
        "  mean processor time: driver %.1f ms, executors %.1f ms; empty job %.1f and %.1f%n",
        mean(parts, Parts::driverProcessor),
        mean(parts, Parts::executorProcessor),
        mean(empty, Parts::driverProcessor),
        mean(empty, Parts::executorProcessor));
    System.out.printf(
        Locale.ROOT,
        "  medians: broadcast %.1f ms, receive %.1f, copy in %.1f, copy out %.1f, schedule and"
            + " collect %.1f, average %.1f%n",
        median(parts, part -> 1e3 * part.outcome().seconds().broadcast()),
        median(parts, part -> 1e3 * part.outcome().slowest().seconds().receive()),
        median(parts, part -> 1e3 * part.outcome().slowest().seconds().load()),
        median(parts, part -> 1e3 * part.outcome().slowest().seconds().extract()),
        median(parts, Parts::scheduleAndCollect),
        median(parts, part -> 1e3 * part.outcome().seconds().average()));
  }

  private static double median(List<Parts> parts, ToDoubleFunction<Parts> value) {
    return Spread.of(values(parts, value)).median();
  }

  private static double mean(List<Parts> parts, ToDoubleFunction<Parts> value) {
    return parts.stream().mapToDouble(value).average().orElseThrow();
  }

  private static double[] values(List<Parts> parts, ToDoubleFunction<Parts> value) {
    return parts.stream().mapToDouble(value).toArray();
  }

  /**
   * Milliseconds of a round or of an empty job.
   *
   * @param all by the clock around the whole round: broadcast, tasks, updates, average
   * @param driverProcessor this JVM's processor time
   * @param executorProcessor the processor time of its executors, which are its children
   * @param outcome what it came to; null for an empty job
   */
  private record Parts(
      double all, double driverProcessor, double executorProcessor, RoundOutcome outcome) {
    static Parts of(Supplier<RoundOutcome> work) {
      double driver = driverMilliseconds();
      double executors = executorMilliseconds();
      long begin = System.nanoTime();
      RoundOutcome outcome = work.get();
      double all = (System.nanoTime() - begin) / 1e6;
      return new Parts(
          all, driverMilliseconds() - driver, executorMilliseconds() - executors, outcome);
    }

    private static double driverMilliseconds() {
      return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e6;
    }

    private static double executorMilliseconds() {
      return ProcessHandle.current()
          .descendants()
          .flatMap(process -> process.info().totalCpuDuration().stream())
          .mapToDouble(duration -> duration.toNanos() / 1e6)
          .sum();
    }

    double beyondSteps() {
      return all - 1e3 * outcome.slowest().seconds().steps();
    }

    double scheduleAndCollect() {
      return 1e3 * (outcome.seconds().workers() - outcome.slowest().seconds().total());
    }
  }

  private static RoundOutcome emptyJob(JavaSparkContext context, int tasks) {
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    context.parallelize(numbers, tasks).foreach(number -> {});
    return null;
  }
}
