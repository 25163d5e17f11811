package io.involution.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.compute.NativeThreads;
import io.involution.config.InvolutionOptions;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.model.LearningRate;
import io.involution.model.state.GraphState;
import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import io.involution.model.summary.NetworkSummary;
import io.involution.model.summary.NetworkSummary.LayerRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.Regularization;

/** The networks of many layers. */
class DeepNetworksTest {
  private static final Path SOURCES = Path.of("src/main/java/io/involution/model/network");
  private static final double STEP = 1e-6;

  @BeforeAll
  static void oneNativeThread() {
    NativeThreads.useOne();
  }

  // ---- Tables --------------------------------------------------------------------------------

  /** What a table says of a part of a network: output, parameters, multiply-adds. */
  private static List<String> table(NetworkKind kind) {
    ComputationGraph graph =
        NetworkBlueprint.of(kind.label(), kind.configuration(new NetworkOptions(1, 1e-3))).build();
    NetworkSummary summary = NetworkSummary.of(graph, InputType.convolutional(32, 32, 3));
    GraphState.close(graph);
    Map<String, List<LayerRow>> parts =
        summary.layers().stream()
            .collect(
                Collectors.groupingBy(
                    row -> part(row.name()), LinkedHashMap::new, Collectors.toList()));
    List<String> lines = new ArrayList<>();
    parts.forEach((name, rows) -> lines.add(line(name, rows)));
    lines.add(line("all", summary.layers()));
    lines.add(String.format(Locale.ROOT, "%,d of the parameters are trained", summary.trainable()));
    return lines;
  }

  /** Layers whose names end alike are a part of the network. */
  private static String part(String layer) {
    String number = layer.replaceAll("^[a-z-]*?(?=\\d)", "");
    return number.isEmpty() || number.equals(layer) ? layer.replaceAll("-norm$", "") : number;
  }

  private static String line(String name, List<LayerRow> rows) {
    String shape = rows.get(rows.size() - 1).outputShape().replace(" x ", ", ");
    return String.format(
        Locale.ROOT,
        "%-11s[images, %s] %,d %,d",
        name,
        shape,
        rows.stream().mapToInt(LayerRow::parameters).sum(),
        rows.stream()
                .filter(row -> !row.type().equals("BatchNormBlock"))
                .mapToLong(LayerRow::flops)
                .sum()
            / 2);
  }

  @ParameterizedTest
  @CsvSource({
    "DEEP_CONVOLUTION, DeepConvolutionNetwork",
    "DEEP_INVOLUTION, DeepInvolutionNetwork",
    "RESNET, ResidualNetwork",
    "REDNET, ResidualNetwork"
  })
  void hasTheLayersOfItsTable(NetworkKind kind, String source) throws IOException {
    String text =
        Files.readString(SOURCES.resolve(source + ".java"))
            .replaceAll("\n \\*", " ")
            .replaceAll(" +", " ");
    for (String line : table(kind)) {
      assertThat(text).contains(line.replaceAll(" +", " "));
    }
  }

  // ---- Small ones ----------------------------------------------------------------------------

  private static final DeepInvolutionNetwork.Design TINY =
      new DeepInvolutionNetwork.Design(List.of(8, 12), 3, 3, 4, 4);
  private static final ResidualNetwork.Design NARROW = new ResidualNetwork.Design(4, List.of(1, 2));

  static Stream<Arguments> tiny() {
    Map<String, Function<NetworkOptions, ComputationGraphConfiguration>> networks =
        new LinkedHashMap<>();
    networks.put(
        "deep-convolution",
        options -> DeepConvolutionNetwork.configuration(options, List.of(7, 9)));
    networks.put("deep-involution", options -> DeepInvolutionNetwork.configuration(options, TINY));
    networks.put("resnet", options -> ResidualNetwork.configuration(options, NARROW, false));
    networks.put("rednet", options -> ResidualNetwork.configuration(options, NARROW, true));
    return networks.entrySet().stream().map(one -> Arguments.of(one.getKey(), one.getValue()));
  }

  private static NetworkOptions options(ImageShape image, int classes) {
    List<String> names = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      names.add("class " + label);
    }
    return new NetworkOptions(
        5,
        LocalRule.adam(LearningRate.constant(1e-3), 0),
        InvolutionOptions.REFERENCE,
        new DataSchema(image, names));
  }

  /** Neither factors nor biases of norms decay, and filters that are frozen do not either. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("tiny")
  void filtersDecayAlone(
      String name, Function<NetworkOptions, ComputationGraphConfiguration> network) {
    NetworkOptions options =
        new NetworkOptions(
            5,
            LocalRule.adam(LearningRate.constant(1e-3), 0.1),
            InvolutionOptions.REFERENCE,
            DataSchema.CIFAR10);
    ComputationGraphConfiguration configuration = network.apply(options);
    options.rule().complete(configuration);
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    for (ParameterBlock block : ParameterLayout.of(graph).blocks()) {
      List<Regularization> decay =
          graph.getLayer(block.layer()).conf().getLayer().getRegularizationByParam(block.name());
      assertThat(decay == null || decay.isEmpty())
          .as("%s %s", name, block)
          .isEqualTo(!block.name().endsWith("W") || !block.trainable());
    }
    GraphState.close(graph);
  }

  /** The whole network in float64 against central finite differences, some parameters a block. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("tiny")
  void gradientsAgreeWithFiniteDifferences(
      String name, Function<NetworkOptions, ComputationGraphConfiguration> network) {
    ImageShape image = new ImageShape(2, 9, 10);
    String json = network.apply(options(image, 3)).toJson().replace("\"FLOAT\"", "\"DOUBLE\"");
    ComputationGraph graph = new ComputationGraph(ComputationGraphConfiguration.fromJson(json));
    graph.init();
    // A residual block starts as its shortcut: what is before a factor of 0 has no gradient.
    ParameterLayout.of(graph).blocks().stream()
        .filter(block -> block.name().equals("gamma"))
        .flatMapToInt(block -> IntStream.range(block.offset(), block.end()))
        .forEach(gamma -> graph.params().putScalar(gamma, 0.9));
    Random random = new Random(8);
    int count = 5;
    double[] pixels = random.doubles((long) count * image.pixels(), -1.5, 1.5).toArray();
    INDArray labels = Nd4j.zeros(DataType.DOUBLE, count, 3);
    for (int i = 0; i < count; i++) {
      labels.putScalar(i, i % 3, 1);
    }
    graph.setInputs(Nd4j.createFromArray(pixels).reshape('c', count, 2, 9, 10));
    graph.setLabels(labels);
    graph.computeGradientAndScore();
    double[] gradient = graph.gradient().gradient().toDoubleVector();
    for (ParameterBlock block : ParameterLayout.of(graph).blocks()) {
      for (int sample = 0; sample < 3; sample++) {
        int index = block.offset() + random.nextInt(block.length());
        double slope = slope(graph, index);
        assertThat(gradient[index] / count)
            .as("%s %s %d", name, block, index)
            .isCloseTo(block.trainable() ? slope : 0, within(2e-4 * Math.abs(slope) + 1e-7));
      }
    }
    GraphState.close(graph);
  }

  private static double slope(ComputationGraph network, int index) {
    double before = network.params().getDouble(index);
    double[] losses = new double[2];
    for (int side = 0; side < 2; side++) {
      network.params().putScalar(index, before + (side == 0 ? STEP : -STEP));
      network.computeGradientAndScore();
      losses[side] = network.score();
    }
    network.params().putScalar(index, before);
    return (losses[0] - losses[1]) / (2 * STEP);
  }
}
