package io.involution.cuda;

import io.involution.failure.InputException;
import io.involution.model.network.NetworkBlueprint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A network as the kernels compute it: layers that take what others make, and a softmax as the last
 * one.
 *
 * @param label the network's name
 * @param input what the images are called
 * @param nodes the layers, each after those that it takes from
 */
record NetworkGraph(String label, String input, List<Node> nodes) {

  /**
   * A layer.
   *
   * @param vertex what it computes
   * @param inputs names of what it takes
   */
  record Node(String name, GraphVertex vertex, List<String> inputs) {
    /** Copies the names. */
    Node {
      inputs = List.copyOf(inputs);
    }
  }

  /** Checks that there are layers. */
  NetworkGraph {
    nodes = List.copyOf(nodes);
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException(label + " has no layers");
    }
  }

  /**
   * The graph of a network.
   *
   * @throws InputException naming the layer that the kernels cannot compute, and why
   */
  static NetworkGraph of(NetworkBlueprint blueprint) {
    ComputationGraphConfiguration network = blueprint.trained();
    boolean plain =
        network.getNetworkInputs().size() == 1
            && network.getNetworkOutputs().size() == 1
            && network.getDataType() == DataType.FLOAT
            && network.getBackpropType() == BackpropType.Standard;
    if (!plain) {
      throw refused(blueprint.label(), "has not one input, one output and float32 numbers");
    }
    String input = network.getNetworkInputs().get(0);
    NetworkGraph graph = new NetworkGraph(blueprint.label(), input, ordered(network, input));
    String output = network.getNetworkOutputs().get(0);
    for (Node node : graph.nodes) {
      boolean last = node.name.equals(output);
      String reason = LayerRules.refusal(node.vertex, last);
      if (reason.isEmpty() && last != (graph.users(node.name) == 0)) {
        reason = last ? "its outputs go to another layer" : "its outputs go nowhere";
      }
      if (!reason.isEmpty()) {
        throw refused(
            graph.label,
            String.format(
                Locale.ROOT,
                "has layer %s, which the GPU kernels cannot train (%s)",
                node.name,
                reason));
      }
    }
    return graph;
  }

  private static List<Node> ordered(ComputationGraphConfiguration network, String input) {
    List<String> waiting = new ArrayList<>(network.getVertices().keySet());
    Set<String> made = new HashSet<>(Set.of(input));
    List<Node> nodes = new ArrayList<>();
    while (!waiting.isEmpty()) {
      String next =
          waiting.stream()
              .filter(name -> made.containsAll(network.getVertexInputs().get(name)))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("a circle of layers: " + waiting));
      waiting.remove(next);
      made.add(next);
      nodes.add(
          new Node(next, network.getVertices().get(next), network.getVertexInputs().get(next)));
    }
    return nodes;
  }

  /** How many times something is taken. */
  int users(String name) {
    return Math.toIntExact(
        nodes.stream().flatMap(node -> node.inputs.stream()).filter(name::equals).count());
  }

  /** The refusal of a network, in words that follow its name. */
  static InputException refused(String label, String problem) {
    return new InputException(
        String.format(
            Locale.ROOT,
            "the network %s %s: use --device cpu, or --gpu-engine nd4j with the job jar that -Pcuda"
                + " builds",
            label,
            problem));
  }
}
