package io.involution.bench;

import io.involution.bench.contender.BenchData;
import io.involution.bench.contender.ContenderOptions;
import io.involution.bench.contender.OurTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares the speed-up of two workers in one JVM, one core each, with what two independent
 * single-threaded processes of matrix products get on the same machine in the same minutes:
 *
 * <pre>
 * mvn -q -f src/bench/pom.xml process-classes -Dbench.main=io.involution.bench.Scaling
 * </pre>
 *
 * <p>A speed-up is twice the time of one alone over the time until both have done as much. A round
 * measures one worker, two workers, one process, two processes.
 */
@Command(name = "scaling", sortOptions = false)
public final class Scaling implements Callable<Integer> {
  private static final int WORKERS = 2;

  @Option(names = "--network", defaultValue = "convolution", description = "(${DEFAULT-VALUE})")
  private String network;

  @Option(names = "--rounds", defaultValue = "7", description = "(${DEFAULT-VALUE})")
  private int rounds;

  @Option(names = "--steps", defaultValue = "8", description = "steps per turn (${DEFAULT-VALUE})")
  private int steps;

  @Option(names = "--batch", defaultValue = "256", description = "(${DEFAULT-VALUE})")
  private int batch;

  @Option(names = "--warm-up", defaultValue = "20", description = "seconds (${DEFAULT-VALUE})")
  private int warmUpSeconds;

  @Option(names = "--out", defaultValue = "target/bench", description = "(${DEFAULT-VALUE})")
  private Path out;

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Scaling()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    List<Turns> workers = workers();
    List<ContenderProcess> processes = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
    try {
      for (int i = 0; i < WORKERS; i++) {
        processes.add(products());
      }
      List<Turns> products = new ArrayList<>();
      processes.forEach(each -> products.add(each::step));
      double[] ours = new double[rounds];
      double[] theirs = new double[rounds];
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(warmUpSeconds);
      while (System.nanoTime() < end) {
        together(threads, workers);
      }
      together(threads, products);
      for (int round = 0; round < rounds; round++) {
        ours[round] = speedUp(threads, workers);
        theirs[round] = speedUp(threads, products);
      }
      print(ours, theirs);
      return 0;
    } finally {
      threads.shutdownNow();
      processes.forEach(ContenderProcess::close);
    }
  }

  /** Something that can take steps. */
  @FunctionalInterface
  private interface Turns {
    void take(int steps);
  }

  private List<Turns> workers() {
    BenchNetwork chosen = BenchNetwork.named(network);
    BenchData data = new BenchData(batch);
    List<Turns> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      OurTraining training = new OurTraining(chosen.kind(), data, 1);
      workers.add(training::run);
    }
    return workers;
  }

  private ContenderProcess products() throws IOException {
    BenchNetwork shapes = BenchNetwork.CONVOLUTION;
    ContenderProcess process =
        new ContenderProcess(
            new Entrant(Contender.GEMM, 1),
            new ContenderOptions(shapes, 1, batch, 0, 0, ""),
            out.toAbsolutePath());
    process.awaitReady();
    return process;
  }

  private double speedUp(ExecutorService threads, List<Turns> all)
      throws InterruptedException, ExecutionException {
    double alone = together(threads, all.subList(0, 1));
    return WORKERS * alone / together(threads, all);
  }

  private double together(ExecutorService threads, List<Turns> all)
      throws InterruptedException, ExecutionException {
    List<Future<?>> running = new ArrayList<>();
    long begin = System.nanoTime();
    for (Turns each : all) {
      running.add(threads.submit(() -> each.take(steps)));
    }
    for (Future<?> each : running) {
      each.get();
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void print(double[] ours, double[] theirs) {
    System.out.println("speed-up from one to two: median (least-most)");
    System.out.println("  workers in one JVM            " + Spread.of(ours).format(3));
    System.out.println("  independent sgemm processes   " + Spread.of(theirs).format(3));
    System.out.println(
        "  workers / processes           " + Spread.ofRatios(ours, theirs).format(3));
  }
}
