package io.involution.model.onnx;

import io.involution.data.ImageShape;
import io.involution.failure.InputException;
import io.involution.layers.ShortcutVertex;
import io.involution.model.ModelMetadata;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/** Writes a network's layers in the order in which they are computed. */
final class GraphWriter {
  private final ComputationGraph network;
  private final ComputationGraphConfiguration configuration;
  private final ModelMetadata about;
  private final OnnxGraph graph = new OnnxGraph();
  private final Map<String, Value> values = new HashMap<>();

  /** Prepares to write an initialized network. */
  GraphWriter(ComputationGraph network, ModelMetadata about) {
    this.network = network;
    this.configuration = network.getConfiguration();
    this.about = about;
  }

  /** A vertex's output. */
  private record Value(String name, InputType type) {}

  /**
   * Writes everything.
   *
   * @return a GraphProto
   * @throws InputException naming the first layer that is not exported
   */
  Message write() {
    requireOne("input", configuration.getNetworkInputs());
    requireOne("output", configuration.getNetworkOutputs());
    ImageShape image = about.schema().image();
    long[] sizes = {image.channels(), image.height(), image.width()};
    values.put(
        configuration.getNetworkInputs().get(0),
        new Value(input(), InputType.convolutional(sizes[1], sizes[2], sizes[0])));
    for (int place : network.topologicalSortOrder()) {
      String name = network.getVertices()[place].getVertexName();
      if (!values.containsKey(name)) {
        values.put(name, vertex(name));
      }
    }
    Value output = values.get(configuration.getNetworkOutputs().get(0));
    graph.rename(output.name, OnnxFile.OUTPUT);
    return graph.message(
        about.network(),
        OnnxGraph.value(OnnxFile.INPUT, sizes),
        OnnxGraph.value(OnnxFile.OUTPUT, output.type.getShape()));
  }

  private void requireOne(String what, List<String> names) {
    if (names.size() != 1) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the %s network has %d %ss: only networks with one are exported",
              about.network(),
              names.size(),
              what));
    }
  }

  /** The network's input, normalized. */
  private String input() {
    if (about.normalization().isNone()) {
      return OnnxFile.INPUT;
    }
    graph.enter("normalization");
    String mean = perChannel("mean", about.normalization()::mean);
    String centered = graph.node("Sub", List.of(OnnxFile.INPUT, mean));
    return graph.node(
        "Div", List.of(centered, perChannel("std", about.normalization()::standardDeviation)));
  }

  private String perChannel(String key, IntToDoubleFunction number) {
    int channels = about.schema().image().channels();
    double[] numbers = IntStream.range(0, channels).mapToDouble(number).toArray();
    return graph.reals(key, Nd4j.createFromArray(numbers), 1, channels, 1, 1);
  }

  private Value vertex(String name) {
    GraphVertex vertex = configuration.getVertices().get(name);
    List<Value> inputs =
        configuration.getVertexInputs().get(name).stream().map(values::get).toList();
    graph.enter(name);
    try {
      return vertex instanceof LayerVertex layer
          ? layer(name, layer, inputs)
          : joined(vertex, inputs);
    } catch (Inexpressible e) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "layer %s cannot be exported: ONNX files of this job have no %s %s",
              name,
              kind(vertex),
              e.getMessage()),
          e);
    }
  }

  private static String kind(GraphVertex vertex) {
    return vertex instanceof LayerVertex layer
        ? layer.getLayerConf().getLayer().getClass().getSimpleName()
        : vertex.getClass().getSimpleName();
  }

  private Value layer(String name, LayerVertex vertex, List<Value> inputs) {
    Value given = prepared(vertex.getPreProcessor(), inputs.get(0));
    Layer layer = vertex.getLayerConf().getLayer();
    var parameters = network.getLayer(name).paramTable();
    Place at = new Place(graph, parameters == null ? Map.of() : parameters, given.name, given.type);
    // A loss layer says that it has no outputs.
    InputType type = layer instanceof LossLayer ? given.type : layer.getOutputType(0, given.type);
    String output =
        vertex instanceof ShortcutVertex shortcut
            ? NormLayers.shortcut(
                at, shortcut.block(), shortcut.isBeforeActivation(), inputs.get(1).name)
            : OnnxLayers.write(at, layer);
    return new Value(output, type);
  }

  private Value prepared(InputPreProcessor processor, Value input) {
    if (processor == null) {
      return input;
    }
    InputType type = processor.getOutputType(input.type);
    if (processor instanceof CnnToFeedForwardPreProcessor flat
        && flat.getFormat() == CNN2DFormat.NCHW) {
      String name = graph.node("Flatten", List.of(input.name), List.of(Attribute.of("axis", 1)));
      return new Value(name, type);
    }
    if (processor instanceof FeedForwardToCnnPreProcessor images) {
      String shape =
          graph.numbers(
              "shape", 0, images.getNumChannels(), images.getInputHeight(), images.getInputWidth());
      return new Value(graph.node("Reshape", List.of(input.name, shape)), type);
    }
    throw new Inexpressible("after a " + processor.getClass().getSimpleName());
  }

  private Value joined(GraphVertex vertex, List<Value> inputs) {
    InputType type =
        vertex.getOutputType(0, inputs.stream().map(Value::type).toArray(InputType[]::new));
    List<String> names = inputs.stream().map(Value::name).toList();
    if (vertex instanceof MergeVertex merge && merge.getMergeAxis() == 1) {
      return new Value(graph.node("Concat", names, List.of(Attribute.of("axis", 1))), type);
    }
    if (vertex instanceof ElementWiseVertex elements) {
      return new Value(elements(elements, names), type);
    }
    if (vertex instanceof ScaleVertex scale) {
      String factor =
          graph.reals("factor", Nd4j.createFromArray(new double[] {scale.getScaleFactor()}), 1);
      return new Value(graph.node("Mul", List.of(names.get(0), factor)), type);
    }
    throw new Inexpressible("among the vertices that join layers");
  }

  private String elements(ElementWiseVertex vertex, List<String> names) {
    return switch (vertex.getOp()) {
      case Add -> graph.node("Sum", names);
      case Average -> graph.node("Mean", names);
      case Max -> graph.node("Max", names);
      case Subtract -> graph.node("Sub", names);
      case Product -> product(names);
      default -> throw new Inexpressible("with the operation " + vertex.getOp());
    };
  }

  private String product(List<String> names) {
    String product = names.get(0);
    for (String next : names.subList(1, names.size())) {
      product = graph.node("Mul", List.of(product, next));
    }
    return product;
  }
}
