package io.involution.bench.contender;

import io.involution.bench.BenchNetwork;
import io.involution.data.ImageShape;
import io.involution.layers.NativeThreads;
import io.involution.model.NetworkOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
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
 * mvn -q -Pbench test-compile exec:exec@bench -Dbench.main=io.involution.bench.contender.FirstSteps \
 *   -Dbench.arguments="--data FOLDER"
 * </pre>
 *
 * <p>Ends with status 1 when a loss differs by more than 1e-3.
 */
@Command(name = "first-steps", sortOptions = false)
public final class FirstSteps implements Callable<Integer> {
  private static final double TOLERANCE = 1e-3;
  private static final int RECORD = 1 + ImageShape.PIXELS;

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
  private Path data;

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new FirstSteps()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    NativeThreads.useOne();
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    double worst = 0;
    for (BenchNetwork one :
        network == null ? BenchNetwork.values() : new BenchNetwork[] {network}) {
      worst = Math.max(worst, compare(one));
    }
    return worst <= TOLERANCE ? 0 : 1;
  }

  private double compare(BenchNetwork one) throws IOException {
    ComputationGraph ours = graph(one.kind().configuration(new NetworkOptions(42, 1e-3)));
    ComputationGraph stock = graph(StockNetworks.configuration(one));
    copyParameters(ours, stock);
    IntFunction<INDArray[]> minibatches = minibatches();
    double worst = 0;
    double first = 0;
    double last = 0;
    for (int step = 0; step < steps; step++) {
      INDArray[] images = {minibatches.apply(step)[0]};
      INDArray[] labels = {minibatches.apply(step)[1]};
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
    return pattern == null ? null : pattern.formatted(number);
  }

  /** The minibatches in turn, as {@code {images, labels}}. */
  private IntFunction<INDArray[]> minibatches() throws IOException {
    if (data == null) {
      BenchData made = new BenchData(batch);
      return step ->
          arrays(
              made.channelsFirst(step % BenchData.BATCHES), made.oneHot(step % BenchData.BATCHES));
    }
    byte[] records = Files.readAllBytes(data.resolve("data_batch_1.bin"));
    int count = records.length / RECORD / batch;
    return step -> read(records, step % count);
  }

  private INDArray[] read(byte[] records, int minibatch) {
    float[] images = new float[batch * ImageShape.PIXELS];
    float[] labels = new float[batch * ImageShape.CLASSES];
    for (int i = 0; i < batch; i++) {
      int at = (minibatch * batch + i) * RECORD;
      labels[i * ImageShape.CLASSES + records[at]] = 1;
      for (int pixel = 0; pixel < ImageShape.PIXELS; pixel++) {
        images[i * ImageShape.PIXELS + pixel] = (records[at + 1 + pixel] & 0xff) / 255f;
      }
    }
    return arrays(images, labels);
  }

  private INDArray[] arrays(float[] images, float[] labels) {
    return new INDArray[] {
      Nd4j.createFromArray(images)
          .reshape(batch, ImageShape.CHANNELS, ImageShape.HEIGHT, ImageShape.WIDTH)
          .castTo(type),
      Nd4j.createFromArray(labels).reshape(batch, ImageShape.CLASSES).castTo(type)
    };
  }
}
