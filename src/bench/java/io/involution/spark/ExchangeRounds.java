package io.involution.spark;

import io.involution.bench.Spread;
import io.involution.model.state.ModelState;
import io.involution.spark.exchange.CollectExchange;
import io.involution.spark.exchange.ShuffleExchange;
import io.involution.spark.exchange.UpdateExchange;
import io.involution.train.Place;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerSeconds;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.UpdateCheck;
import io.involution.train.time.Round;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The job of {@link io.involution.bench.Exchanging}: rounds whose workers have their update ready,
 * collected and shuffled in turns, and how long each took the driver. Arguments: the word that
 * submit takes for the command, measured rounds, numbers of workers, floats an update, the last two
 * separated by commas.
 */
public final class ExchangeRounds {
  private static final int WARM_UP = 3;
  private static final Round ROUND = new Round(1, 1, 0, 8, 8);

  /** One an executor and size: nothing is measured but the way to the mean. */
  private static final Map<Integer, ModelState> STATES = new ConcurrentHashMap<>();

  private ExchangeRounds() {}

  /** Runs them and prints a line a case. */
  public static void main(String[] arguments) {
    int rounds = Integer.parseInt(arguments[1]);
    try (ClusterSession session = ClusterSession.open("exchange")) {
      for (int floats : numbers(arguments[3])) {
        for (int workers : numbers(arguments[2])) {
          compare(session.context(), workers, floats, rounds);
        }
      }
    }
  }

  private static int[] numbers(String words) {
    return Arrays.stream(words.split(",")).mapToInt(Integer::parseInt).toArray();
  }

  private static void compare(JavaSparkContext context, int workers, int floats, int rounds) {
    UpdateCheck check = new UpdateCheck("bench", ROUND, state(floats, 0));
    List<Integer> numbers = IntStream.range(0, workers).boxed().toList();
    double[] collect = new double[rounds];
    double[] shuffle = new double[rounds];
    for (int round = -WARM_UP; round < rounds; round++) {
      JavaRDD<WorkerUpdate> updates =
          context.parallelize(numbers, workers).map(worker -> update(worker, floats));
      double collected = seconds(new CollectExchange(), updates, check);
      double shuffled = seconds(new ShuffleExchange(), updates, check);
      if (round >= 0) {
        collect[round] = collected;
        shuffle[round] = shuffled;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-24s %,11d floats %2d workers %,9.2f MiB in all: collect %8.1f ms, shuffle %8.1f ms,"
            + " shuffle / collect %s%n",
        context.master(),
        floats,
        workers,
        4.0 * workers * floats / (1 << 20),
        1e3 * Spread.of(collect).median(),
        1e3 * Spread.of(shuffle).median(),
        Spread.ofRatios(shuffle, collect).format(2));
  }

  private static double seconds(
      UpdateExchange exchange, JavaRDD<WorkerUpdate> updates, UpdateCheck check) {
    long begin = System.nanoTime();
    exchange.exchange(updates, check);
    return (System.nanoTime() - begin) / 1e9;
  }

  private static WorkerUpdate update(int worker, int floats) {
    WorkerReport report =
        new WorkerReport(
            worker,
            2_000 + worker,
            1,
            1,
            new WorkerSeconds(0, 0, 0, 0),
            new Place("host", "executor", "cpu", 0));
    return new WorkerUpdate(
        report, STATES.computeIfAbsent(floats, size -> state(size, ROUND.steps())));
  }

  /** A third parameters, the rest updater state, as with Adam. */
  private static ModelState state(int floats, long steps) {
    SplittableRandom random = new SplittableRandom(floats);
    int parameters = floats / 3;
    return ModelState.of(steps, numbers(random, parameters), numbers(random, floats - parameters));
  }

  private static float[] numbers(SplittableRandom random, int length) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = (float) random.nextDouble();
    }
    return numbers;
  }
}
