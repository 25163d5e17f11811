package io.involution.bench;

import io.involution.bench.contender.BenchData;
import io.involution.bench.contender.ContenderOptions;
import io.involution.bench.contender.OurTraining;
import io.involution.model.network.NetworkKind;
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
 * measures one worker, two workers, one process, two processes. With {@code --threads}, one worker
 * takes the same steps with one thread and with two in place of two workers.
 */
@Command(name = "scaling", sortOptions = false)
public final class Scaling implements Callable<Integer> {
  private static final int WORKERS = 2;

  @Option(names = "--network", defaultValue = "convolution", description = "(${DEFAULT-VALUE})")
  private String network;

  @Option(names = "--threads", description = "a second thread in place of a second worker")
  private boolean threads;

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
    List<ContenderProcess> processes = new ArrayList<>();
    ExecutorService callers = Executors.newFixedThreadPool(WORKERS);
    List<OurTraining> workers = workers();
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
        ours(callers, workers);
      }
      together(callers, products);
      for (int round = 0; round < rounds; round++) {
        ours[round] = ours(callers, workers);
        theirs[round] = speedUp(callers, products);
      }
      print(ours, theirs);
      return 0;
    } finally {
      callers.shutdownNow();
      workers.forEach(OurTraining::close);
      processes.forEach(ContenderProcess::close);
    }
  }

  /** Something that can take steps. */
  @FunctionalInterface
  private interface Turns {
    void take(int steps);
  }

  /** Two workers of one thread, or one worker as it is with one thread and with two. */
  private List<OurTraining> workers() {
    NetworkKind kind = BenchNetwork.kindOf(network);
    BenchData data = new BenchData(batch);
    List<OurTraining> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      workers.add(new OurTraining(kind, data, threads ? i + 1 : 1));
    }
    return workers;
  }

  private double ours(ExecutorService callers, List<OurTraining> workers)
      throws InterruptedException, ExecutionException {
    List<Turns> turns = new ArrayList<>();
    workers.forEach(each -> turns.add(each::run));
    if (!threads) {
      return speedUp(callers, turns);
    }
    double one = together(callers, turns.subList(0, 1));
    return one / together(callers, turns.subList(1, WORKERS));
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

  private double speedUp(ExecutorService callers, List<Turns> all)
      throws InterruptedException, ExecutionException {
    double alone = together(callers, all.subList(0, 1));
    return WORKERS * alone / together(callers, all);
  }

  private double together(ExecutorService callers, List<Turns> all)
      throws InterruptedException, ExecutionException {
    List<Future<?>> running = new ArrayList<>();
    long begin = System.nanoTime();
    for (Turns each : all) {
      running.add(callers.submit(() -> each.take(steps)));
    }
    for (Future<?> each : running) {
      each.get();
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private void print(double[] ours, double[] theirs) {
    String what = threads ? "threads of one worker" : "workers in one JVM";
    System.out.printf("%s: speed-up from one to two: median (least-most)%n", network);
    System.out.printf("  %-30s%s%n", what, Spread.of(ours).format(3));
    System.out.printf("  %-30s%s%n", "independent sgemm processes", Spread.of(theirs).format(3));
    System.out.printf(
        "  %-30s%s%n", "the ratio of the two", Spread.ofRatios(ours, theirs).format(3));
  }
}
