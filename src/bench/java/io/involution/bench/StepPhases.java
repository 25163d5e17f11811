package io.involution.bench;

import io.involution.bench.contender.BenchData;
import io.involution.compute.ImageChunks;
import io.involution.data.Shard;
import io.involution.model.Minibatch;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.train.Dl4jEngine;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What the phases of a training step cost on which thread: medians of milliseconds by the clock, of
 * processor time of the worker's own thread, and of processor time of its helpers. What only the
 * own thread does is serial:
 *
 * <pre>
 * mvn -q -f src/bench/pom.xml process-classes -Dbench.main=io.involution.bench.StepPhases
 * </pre>
 *
 * <p>Thread counts take turns, a step each. Helpers stay awake for a moment when they have nothing
 * to do, which counts as their processor time. The last lines say how much faster a step is by the
 * clock, which means something only on an idle machine.
 */
@Command(name = "step-phases", sortOptions = false)
public final class StepPhases implements Callable<Integer> {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final List<String> PHASES = List.of("load", "forward", "backward", "update");

  @Option(names = "--network", defaultValue = "convolution", description = "(${DEFAULT-VALUE})")
  private String network;

  @Option(names = "--batch", defaultValue = "256", description = "(${DEFAULT-VALUE})")
  private int batch;

  @Option(names = "--threads", split = ",", defaultValue = "1,2", description = "(1,2)")
  private int[] threads;

  @Option(names = "--steps", defaultValue = "60", description = "of each (${DEFAULT-VALUE})")
  private int steps;

  @Option(names = "--warm-up", defaultValue = "40", description = "steps (${DEFAULT-VALUE})")
  private int warmUp;

  /** Clock, processor time of the own thread, and that of the helpers, in nanoseconds. */
  private record Moment(long clock, long own, long helpers) {
    static Moment now() {
      long helpers = 0;
      for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
        if (thread != null && thread.getThreadName().equals("image-chunks")) {
          helpers += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
        }
      }
      return new Moment(System.nanoTime(), THREADS.getCurrentThreadCpuTime(), helpers);
    }

    double[] since(Moment before) {
      return new double[] {
        (clock - before.clock) / 1e6, (own - before.own) / 1e6, (helpers - before.helpers) / 1e6
      };
    }
  }

  /** The moments of a step between which its phases lie. */
  private static final class Marks extends BaseTrainingListener {
    private final List<Moment> moments = new ArrayList<>();

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
      moments.add(Moment.now());
    }

    @Override
    public void onGradientCalculation(Model model) {
      moments.add(Moment.now());
    }
  }

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new StepPhases()).execute(arguments));
  }

  @Override
  public Integer call() {
    NetworkKind kind = BenchNetwork.kindOf(network);
    NetworkBlueprint blueprint =
        NetworkBlueprint.of(kind.label(), kind.configuration(new NetworkOptions(42, 1e-3)));
    Shard shard = new BenchData(batch).shard();
    // phase, kind of time, step: for each number of threads
    List<List<double[][]>> taken =
        Arrays.stream(threads)
            .mapToObj(each -> new ArrayList<double[][]>())
            .map(list -> (List<double[][]>) list)
            .toList();
    try (Dl4jEngine engine = new Dl4jEngine(blueprint);
        Minibatch minibatch = new Minibatch()) {
      Marks marks = new Marks();
      engine.graph().setListeners(marks);
      for (int step = -warmUp; step < steps; step++) {
        for (int i = 0; i < threads.length; i++) {
          ImageChunks.useThreads(threads[i]);
          double[][] phases = step(engine.graph(), minibatch, shard, marks);
          if (step >= 0) {
            taken.get(i).add(phases);
          }
        }
      }
    }
    print(taken);
    return 0;
  }

  private double[][] step(ComputationGraph graph, Minibatch minibatch, Shard shard, Marks marks) {
    marks.moments.clear();
    Moment start = Moment.now();
    int[] order = IntStream.range(0, batch).toArray();
    minibatch.load(shard, order, 0, batch);
    Moment loaded = Moment.now();
    graph.fit(new INDArray[] {minibatch.images()}, new INDArray[] {minibatch.labels()});
    Moment end = Moment.now();
    Moment forward = marks.moments.get(0);
    Moment backward = marks.moments.get(1);
    return new double[][] {
      loaded.since(start), forward.since(loaded), backward.since(forward), end.since(backward)
    };
  }

  private void print(List<List<double[][]>> taken) {
    System.out.printf("%-10s %8s %8s %8s %8s%n", "phase", "threads", "clock", "own", "helpers");
    double[] clock = new double[threads.length];
    for (int phase = 0; phase < PHASES.size(); phase++) {
      for (int i = 0; i < threads.length; i++) {
        clock[i] += median(taken.get(i), phase, 0);
        System.out.printf(
            "%-10s %8d %8.2f %8.2f %8.2f%n",
            PHASES.get(phase),
            threads[i],
            median(taken.get(i), phase, 0),
            median(taken.get(i), phase, 1),
            median(taken.get(i), phase, 2));
      }
    }
    for (int i = 0; i < threads.length; i++) {
      System.out.printf(
          "%d threads: %.2f ms by the clock, gain %.2f%n",
          threads[i], clock[i], clock[0] / clock[i]);
    }
  }

  private static double median(List<double[][]> steps, int phase, int kind) {
    double[] values = steps.stream().mapToDouble(step -> step[phase][kind]).toArray();
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
