package io.involution.spark.exchange;

import io.involution.model.state.ModelState;
import io.involution.spark.ClusterSession;
import io.involution.spark.exchange.UpdateExchange.Averaged;
import io.involution.train.Place;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerSeconds;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.UpdateCheck;
import io.involution.train.time.Round;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The job of {@link ShuffleSoak}: averages vectors that the workers make up, looks at entries of
 * the mean, and says what the driver's JVM needed. Arguments: the word that submit takes for the
 * command, entries, workers.
 */
public final class LargeVector {
  private static final int LOOKED_AT = 1_000_000;
  private static final Round ROUND = new Round(1, 1, 0, 8, 8);

  private LargeVector() {}

  /** Averages once. */
  public static void main(String[] arguments) throws IOException {
    int length = Integer.parseInt(arguments[1]);
    int workers = Integer.parseInt(arguments[2]);
    try (ClusterSession session = ClusterSession.open("large vector")) {
      Averaged average = average(session.context(), length, workers);
      System.out.printf(
          Locale.ROOT,
          "%,d floats of %d workers averaged in %.1f s, %.2f s of it the driver's%n",
          average.mean().parameters().length,
          average.rounds().get(0).size(),
          average.workerSeconds() + average.averageSeconds(),
          average.averageSeconds());
      System.out.printf("received %d bytes%n", average.bytes());
      int wrong = wrong(average.mean().parameters(), workers);
      System.out.printf("of %d entries looked at, wrong: %d%n", LOOKED_AT, wrong);
      printMemory();
    }
  }

  private static Averaged average(JavaSparkContext context, int length, int workers) {
    List<Integer> numbers = IntStream.range(0, workers).boxed().toList();
    JavaRDD<WorkerUpdate> updates =
        context.parallelize(numbers, workers).map(worker -> update(worker, length));
    UpdateCheck check =
        new UpdateCheck(
            "large",
            List.of(ROUND),
            ROUND.steps(),
            Map.of(ModelState.PARAMETERS, length, ModelState.UPDATER, 0));
    return new ShuffleExchange().exchange(updates, check);
  }

  private static WorkerUpdate update(int worker, int length) {
    float[] parameters = new float[length];
    for (int i = 0; i < length; i++) {
      parameters[i] = entry(worker, i);
    }
    WorkerReport report =
        new WorkerReport(
            worker,
            examples(worker),
            1,
            1,
            new WorkerSeconds(0, 0, 0, 0),
            new Place("host", "executor", "cpu", 0));
    return new WorkerUpdate(report, ModelState.of(ROUND.steps(), parameters, new float[0]));
  }

  private static int examples(int worker) {
    return 1_000 + 7 * worker;
  }

  /** A number between -1 and 1 that looks random; the multiplier is that of a Weyl sequence. */
  private static float entry(int worker, int index) {
    long mixed = (31L * index + worker + 1) * 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 29)) * 0xbf58476d1ce4e5b9L;
    return (int) (mixed >>> 32) * 0x1p-31f;
  }

  private static int wrong(float[] mean, int workers) {
    SplittableRandom random = new SplittableRandom();
    int wrong = 0;
    for (int look = 0; look < LOOKED_AT; look++) {
      int index = random.nextInt(mean.length);
      double sum = 0;
      double examples = 0;
      for (int worker = 0; worker < workers; worker++) {
        sum += (double) examples(worker) * entry(worker, index);
        examples += examples(worker);
      }
      if (mean[index] != (float) (sum / examples)) {
        wrong++;
      }
    }
    return wrong;
  }

  private static void printMemory() throws IOException {
    long peak = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        peak += pool.getPeakUsage().getUsed();
      }
    }
    System.out.printf(
        "driver: heap at most %d MiB of %d MiB%n",
        peak >> 20, Runtime.getRuntime().maxMemory() >> 20);
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        System.out.println(
            "driver: VmHWM " + (Long.parseLong(line.replaceAll("\\D", "")) >> 10) + " MiB");
      }
    }
  }
}
