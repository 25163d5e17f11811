package io.involution.soak;

import io.involution.cli.Main;
import io.involution.config.InvolutionOptions;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Runs an experiment, then measures in the same JVM what a cell costs at least: an empty Spark job
 * and the building of its network. The first argument is the word that submit takes for the
 * command, the second the experiment's folder, the others are the command itself.
 */
public final class CellCosts {
  private static final int REPETITIONS = 50;

  private CellCosts() {}

  /** Runs it and prints the medians, and the memory by the number of complete cells. */
  public static void main(String[] arguments) {
    Thread watcher = new Thread(() -> watch(Path.of(arguments[1])), "memory");
    watcher.setDaemon(true);
    watcher.start();
    Main.main(Arrays.copyOfRange(arguments, 2, arguments.length));
    try (JavaSparkContext context = new JavaSparkContext(new SparkConf().setAppName("empty"))) {
      double job = median(() -> context.parallelize(List.of(1), 1).count());
      double network = median(CellCosts::build);
      System.out.printf(Locale.ROOT, "%nempty job %.4f s, network %.4f s%n", job, network);
    }
  }

  private static void build() {
    NetworkOptions options = new NetworkOptions(1, 0.001, InvolutionOptions.REFERENCE);
    NetworkBlueprint.of("involution", NetworkKind.INVOLUTION.configuration(options))
        .build()
        .close();
  }

  private static double median(Runnable work) {
    double[] seconds = new double[REPETITIONS];
    for (int i = 0; i < REPETITIONS; i++) {
      long begin = System.nanoTime();
      work.run();
      seconds[i] = (System.nanoTime() - begin) / 1e9;
    }
    Arrays.sort(seconds);
    return seconds[REPETITIONS / 2];
  }

  private static void watch(Path folder) {
    long next = 20;
    while (true) {
      try {
        Thread.sleep(200);
        long cells = begun(folder);
        if (cells >= next) {
          System.out.printf("memory after %d cells: %s%n", cells, resident());
          next = cells + 20;
        }
      } catch (IOException e) {
        // Not there yet.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static long begun(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("ledger"))) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).count();
    }
  }

  private static String resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .findFirst()
        .orElse("")
        .replaceAll("\\s+", " ");
  }
}
