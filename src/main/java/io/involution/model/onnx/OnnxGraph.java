package io.involution.model.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The nodes and constants of a graph that is being written. Everything is named after its layer.
 */
final class OnnxGraph {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final String BATCH = "N";

  private final Message nodes = new Message();
  private final Message constants = new Message();
  private final Map<String, Integer> names = new HashMap<>();
  private String layer = "";

  /** Says which layer the next nodes and constants belong to. */
  void enter(String next) {
    layer = next;
  }

  /**
   * Adds a node with one output.
   *
   * @param operator one of ONNX's own
   * @return the name of its output
   */
  String node(String operator, List<String> inputs, List<Attribute> attributes) {
    String output = unique(layer + "/" + operator);
    Message node = new Message();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(3, output).text(4, operator);
    attributes.forEach(attribute -> node.message(5, attribute.message()));
    nodes.message(1, node);
    return output;
  }

  /** The same without settings. */
  String node(String operator, List<String> inputs) {
    return node(operator, inputs, List.of());
  }

  /** Adds a node that only gives a value another name. */
  void rename(String value, String name) {
    Message node = new Message().text(1, value).text(2, name).text(3, unique(name + "/Identity"));
    nodes.message(1, node.text(4, "Identity"));
  }

  /**
   * Adds constant numbers in float32.
   *
   * @param values as many as the shape has, in its order
   * @return the name of the constant
   */
  String reals(String key, INDArray values, long... shape) {
    FloatBuffer floats = FloatBuffer.wrap(values.dup('c').data().asFloat());
    ByteBuffer bytes = ByteBuffer.allocate(floats.remaining() * Float.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(floats);
    return constant(key, FLOAT, bytes.array(), shape);
  }

  /** Adds constant whole numbers, a list. */
  String numbers(String key, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return constant(key, INT64, bytes.array(), values.length);
  }

  private String constant(String key, int type, byte[] values, long... shape) {
    String name = unique(layer + "." + key);
    Message tensor = new Message();
    for (long size : shape) {
      tensor.number(1, size);
    }
    constants.message(5, tensor.number(2, type).text(8, name).bytes(9, values));
    return name;
  }

  private String unique(String name) {
    int before = names.merge(name, 1, Integer::sum) - 1;
    return before == 0 ? name : unique(name + "_" + before);
  }

  /**
   * The graph, a GraphProto.
   *
   * @param name the network's name
   * @param input the input, from {@link #value}
   * @param output the output
   */
  Message message(String name, Message input, Message output) {
    return new Message()
        .append(nodes)
        .text(2, name)
        .append(constants)
        .message(11, input)
        .message(12, output);
  }

  /**
   * The type of an input or output, a ValueInfoProto: float32, and any number of examples.
   *
   * @param shape the sizes of an example
   */
  static Message value(String name, long... shape) {
    Message sizes = new Message().message(1, new Message().text(2, BATCH));
    for (long size : shape) {
      sizes.message(1, new Message().number(1, size));
    }
    Message tensor = new Message().number(1, FLOAT).message(2, sizes);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }
}
