package io.involution.bench.contender;

import io.involution.bench.BenchNetwork;
import io.involution.compute.NativeThreads;
import io.involution.data.ExampleSource;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.data.Subset;
import io.involution.data.cifar10.DataLocator;
import io.involution.model.Minibatch;
import io.involution.model.network.NetworkOptions;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares the losses of the first training steps with those of DL4J's own layers, from the same
 * parameters and with the same minibatches:
 *
 * <pre>
 * mvn -q -f src/bench/pom.xml process-classes -Dbench.main=io.involution.bench.contender.FirstSteps \
 *   -Dbench.arguments="--data FOLDER"
 * </pre>
 *
 * <p>Ends with status 1 when a loss differs by more than 1e-3.
 */
@Command(name = "first-steps", sortOptions = false)
public final class FirstSteps implements Callable<Integer> {
  private static final double TOLERANCE = 1e-3;
  private static final int EXAMPLES = 10_000;

  /** Parameters of our involution layers and where DL4J's layers have them. */
  private static final Map<String, String> PLACES =
      new TreeMap<>(
          Map.of(
              "reduceW", "reduce%s_W",
              "reduceB", "reduce%s_b",
              "gamma", "norm%s_gamma",
              "beta", "norm%s_beta",
              "spanW", "span%s_W",
              "spanB", "span%s_b"));

  @Option(names = "--network", description = "CONVOLUTION or INVOLUTION (both)")
  private BenchNetwork network;

  @Option(names = "--steps", defaultValue = "50", description = "(${DEFAULT-VALUE})")
  private int steps;

  @Option(names = "--batch", defaultValue = "256", description = "(${DEFAULT-VALUE})")
  private int batch;

  @Option(
      names = "--type",
      defaultValue = "DOUBLE",
      description = "DOUBLE, or FLOAT, in which rounding adds up (${DEFAULT-VALUE})")
  private DataType type;

  @Option(names = "--data", description = "folder of CIFAR-10's binary files (made-up stripes)")
  private String data;

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new FirstSteps()).execute(arguments));
  }

  @Override
  public Integer call() {
    NativeThreads.useOne();
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    double worst = 0;
    for (BenchNetwork one :
        network == null ? BenchNetwork.values() : new BenchNetwork[] {network}) {
      worst = Math.max(worst, compare(one));
    }
    return worst <= TOLERANCE ? 0 : 1;
  }

  private double compare(BenchNetwork one) {
    ComputationGraph ours = graph(one.kind().configuration(new NetworkOptions(42, 1e-3)));
    ComputationGraph stock = graph(StockNetworks.configuration(one));
    copyParameters(ours, stock);
    Shard shard = shard();
    int[] order = IntStream.range(0, shard.size()).toArray();
    Minibatch minibatch = new Minibatch();
    double worst = 0;
    double first = 0;
    double last = 0;
    for (int step = 0; step < steps; step++) {
      int from = step % (shard.size() / batch) * batch;
      minibatch.load(shard, order, from, from + batch);
      INDArray[] images = {minibatch.images().castTo(type)};
      INDArray[] labels = {minibatch.labels().castTo(type)};
      ours.fit(images, labels);
      stock.fit(images, labels);
      worst = Math.max(worst, Math.abs(ours.score() - stock.score()));
      first = step == 0 ? ours.score() : first;
      last = ours.score();
    }
    System.out.printf(
        "%s network, %s, batch %d, %d steps: loss %.4f to %.4f, largest difference %.2e%n",
        one.kind().label(), type, batch, steps, first, last, worst);
    return worst;
  }

  private ComputationGraph graph(ComputationGraphConfiguration configuration) {
    configuration.setDataType(type);
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    return graph;
  }

  private static void copyParameters(ComputationGraph from, ComputationGraph to) {
    from.paramTable()
        .forEach(
            (name, values) -> {
              String there = place(name);
              if (there != null) {
                INDArray target = to.getParam(there);
                target.assign(values.reshape(target.shape()));
              }
            });
  }

  /**
   * A parameter's name in DL4J's layers; null for the running statistics, which training ignores.
   */
  private static String place(String name) {
    if (!name.startsWith("involution")) {
      return name;
    }
    String number = name.substring("involution".length(), name.indexOf('_'));
    String pattern = PLACES.get(name.substring(name.indexOf('_') + 1));
    return pattern == null ? null : String.format(Locale.ROOT, pattern, number);
  }

  /** The examples: the first of the training set, or made-up ones. */
  private Shard shard() {
    if (data == null) {
      return new BenchData(batch).shard();
    }
    ExampleSource source =
        DataLocator.locate(
            data, DataLocator.Environment.here(true, System.out::println), new Configuration());
    ShardRange range = new ShardRange(0, Math.min(EXAMPLES, source.size(Subset.TRAIN)));
    return source.read(Subset.TRAIN, range, new Configuration());
  }
}
