package io.involution.bench;

import io.involution.bench.contender.BenchData;
import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import io.involution.evaluate.Evaluator;
import io.involution.model.Minibatch;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A process that does nothing but forward passes, on one thread, over images that are float32
 * arrays already. For each number that it reads, it computes so many minibatches of {@value #BATCH}
 * images and prints the CPU seconds that the process took.
 */
public final class ForwardPasses {
  /** Images of a minibatch, as classify takes them. */
  static final int BATCH = 256;

  private ForwardPasses() {}

  /** Runs it; the argument is the network. */
  public static void main(String[] arguments) throws IOException {
    NetworkBlueprint blueprint =
        NetworkBlueprint.of(
            arguments[0],
            BenchNetwork.named(arguments[0]).kind().configuration(new NetworkOptions(1, 1e-3)));
    NativeThreads.useOne();
    ImageChunks.useThreads(1);
    ComputationGraph graph = blueprint.build();
    BenchData data = new BenchData(BATCH);
    Minibatch minibatch = new Minibatch();
    minibatch.load(data.shard(), IntStream.range(0, BATCH).toArray(), 0, BATCH);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      double before = cpuSeconds();
      for (int pass = 0; pass < Integer.parseInt(order); pass++) {
        Evaluator.probabilities(graph, minibatch.images());
      }
      System.out.println("done " + (cpuSeconds() - before));
    }
  }

  /** CPU seconds of this process. */
  static double cpuSeconds() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }
}
