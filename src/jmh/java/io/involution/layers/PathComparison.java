package io.involution.layers;

import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import io.involution.layers.involution.GroupOrder;
import io.involution.layers.involution.InvolutionPath;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.deep.DeepInvolution;
import io.involution.layers.involution.device.DeviceInvolution;
import io.involution.layers.involution.general.GeneralInvolution;
import io.involution.layers.involution.grouped.GroupedInvolution;
import io.involution.layers.involution.rankone.RankOneInvolution;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the paths of an involution cost on the CPU: forward and backward pass of one layer, batch
 * 256, float32, in CPU time of one thread. The paths take turns, so that a busy machine slows all
 * of them alike; the ratio is the median of those of each turn. Compiled with the JMH benchmarks:
 * {@code java -cp CLASSPATH io.involution.layers.PathComparison [TURNS [LAYERS]]}, where LAYERS is
 * {@code reference}, {@code deep}, or one deep layer's channels, rows and columns, kernel size, and
 * groups: {@code 64,32,7,4}.
 */
public final class PathComparison {
  private static final int BATCH = 256;
  private static final int WARM_UP = 12;

  private PathComparison() {}

  /** The paper's group size, then deep-involution, then RedNet-26, then a group of 4 channels. */
  private static final List<String> DEEP =
      List.of(
          "64,32,7,4",
          "64,15,5,4",
          "256,7,5,16",
          "256,3,5,16",
          "16,32,7,1",
          "32,16,7,2",
          "64,8,7,4",
          "128,4,7,8",
          "256,8,3,64");

  /** Prints a table; takes the number of turns (default 30) and what to measure (default all). */
  public static void main(String[] arguments) {
    int turns = arguments.length == 0 ? 30 : Integer.parseInt(arguments[0]);
    NativeThreads.useOne();
    ImageChunks.useThreads(1);
    String layers = arguments.length < 2 ? "all" : arguments[1];
    if (layers.equals("all") || layers.equals("reference")) {
      compareReference(turns);
    }
    if (!layers.equals("reference")) {
      List<String> deep = layers.contains(",") ? List.of(layers) : DEEP;
      deep.forEach(layer -> compareDeep(layer, turns));
    }
  }

  private static void compareReference(int turns) {
    Function<InvolutionShape, InvolutionPath> rankOne = RankOneInvolution::new;
    Function<InvolutionShape, InvolutionPath> grouped = GroupedInvolution::new;
    Function<InvolutionShape, InvolutionPath> general = GeneralInvolution::new;
    Function<InvolutionShape, InvolutionPath> device = DeviceInvolution::new;
    for (int size : new int[] {32, 16, 8}) {
      InvolutionShape shape =
          reference().pool(size > 8).inputGradient(size < 32).nIn(3).build().shape(size, size);
      compare(
          "reference, 3 channels, " + size + "x" + size,
          shape,
          Map.of("1 rank-one", rankOne, "2 grouped", grouped, "3 general", general),
          turns);
    }
    InvolutionShape strided =
        reference().stride(2).inputGradient(true).nIn(3).build().shape(32, 32);
    Map<String, Function<InvolutionShape, InvolutionPath>> whereGeneralIsTaken =
        Map.of("1 general", general, "2 device", device);
    compare("stride 2, 3 channels, 32x32", strided, whereGeneralIsTaken, turns);
    InvolutionShape grey = reference().channel(1).nIn(1).build().shape(32, 32);
    compare("1 channel, 32x32", grey, whereGeneralIsTaken, turns);
  }

  private static void compareDeep(String layer, int turns) {
    int[] sizes = Arrays.stream(layer.split(",")).mapToInt(Integer::parseInt).toArray();
    InvolutionShape shape =
        new Involution.Builder()
            .kernelSize(sizes[2])
            .groups(sizes[3])
            .groupOrder(GroupOrder.CONTIGUOUS)
            .reductionRatio(4)
            .nIn(sizes[0])
            .build()
            .shape(sizes[1], sizes[1]);
    String name = sizes[0] + " channels, %1$dx%1$d, K %2$d, G %3$d";
    compare(
        String.format(Locale.ROOT, name, sizes[1], sizes[2], sizes[3]),
        shape,
        Map.of("1 deep", DeepInvolution::new, "2 grouped", GroupedInvolution::new),
        turns);
  }

  private static Involution.Builder reference() {
    return new Involution.Builder().channel(3).kernelSize(3).reductionRatio(2).relu(true);
  }

  private static void compare(
      String layer,
      InvolutionShape shape,
      Map<String, Function<InvolutionShape, InvolutionPath>> paths,
      int turns) {
    Map<String, Supplier<double[]>> steps = new LinkedHashMap<>();
    paths.keySet().stream()
        .sorted()
        .forEach(name -> steps.put(name, new Step(paths.get(name).apply(shape), shape)::run));
    Map<String, double[][]> millis = Turns.take(steps, WARM_UP, turns);
    double[] first = millis.values().iterator().next()[0];
    millis.forEach(
        (name, all) -> {
          double[] ratios = new double[turns];
          Arrays.setAll(ratios, turn -> all[0][turn] / first[turn]);
          System.out.printf(
              "%-30s %-12s %8.2f ms CPU   x %.2f (quartiles %.2f to %.2f)%n",
              layer,
              name.substring(2),
              Turns.quantile(all[0], 0.5),
              Turns.quantile(ratios, 0.5),
              Turns.quantile(ratios, 0.25),
              Turns.quantile(ratios, 0.75));
        });
  }

  /** A path with a minibatch to work on. */
  private static final class Step {
    private final InvolutionPath path;
    private final INDArray input;
    private final INDArray parameters;
    private final INDArray gradient;
    private final INDArray output;
    private final INDArray epsilon;
    private final INDArray inputGradient;

    Step(InvolutionPath path, InvolutionShape shape) {
      this.path = path;
      input = LayerState.random(BATCH, shape.channels, shape.height, shape.width);
      parameters = LayerState.random(1, shape.offsets().length);
      shape.offsets().views(parameters).get("var").assign(1);
      gradient = Nd4j.create(DataType.FLOAT, 1, shape.offsets().length);
      output = LayerState.random(BATCH, shape.channels, shape.pooledHeight(), shape.pooledWidth());
      epsilon = output.dup('c');
      inputGradient = shape.inputGradient ? input.dup('c') : null;
    }

    /** CPU milliseconds of a forward and a backward pass. */
    double[] run() {
      return new double[] {Turns.nanoseconds(this::pass) / 1e6};
    }

    private void pass() {
      path.forward(input, parameters, true, output);
      path.backward(input, epsilon, gradient, inputGradient);
    }
  }
}
