package io.involution.model.onnx;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where a layer is written: its input and its parameters.
 *
 * @param graph takes the layer's nodes
 * @param parameters the layer's, by key
 * @param input name of the value that it reads
 * @param type the input's sizes
 */
record Place(OnnxGraph graph, Map<String, INDArray> parameters, String input, InputType type) {

  /** A parameter in the shape that it has. */
  String parameter(String key) {
    return graph.reals(key, parameters.get(key), parameters.get(key).shape());
  }

  /** A parameter in another shape with as many numbers. */
  String parameter(String key, long... shape) {
    return graph.reals(key, parameters.get(key), shape);
  }

  /** A parameter that is a list; where the layer has none of the name, a list of one constant. */
  String parameterOr(String key, double constant, long length) {
    return has(key)
        ? parameter(key, length)
        : graph.reals(key, Nd4j.valueArrayOf(length, constant), length);
  }

  /** Whether there is a parameter. */
  boolean has(String key) {
    return parameters.containsKey(key);
  }

  /** Adds a node that reads the layer's input first. */
  String node(String operator, List<String> others, List<Attribute> attributes) {
    List<String> inputs = Stream.concat(Stream.of(input), others.stream()).toList();
    return graph.node(operator, inputs, attributes);
  }

  /** The same without settings. */
  String node(String operator, List<String> others) {
    return node(operator, others, List.of());
  }

  /** The same place after a node. */
  Place after(String output) {
    return new Place(graph, parameters, output, type);
  }

  /** Whether the input is images, not lists of features. */
  boolean isImages() {
    return type instanceof InputTypeConvolutional;
  }

  /**
   * The input's sizes.
   *
   * @throws Inexpressible if it is not images
   */
  InputTypeConvolutional images() {
    if (type instanceof InputTypeConvolutional images) {
      return images;
    }
    throw new Inexpressible(String.format(Locale.ROOT, "with the input %s", type));
  }
}
