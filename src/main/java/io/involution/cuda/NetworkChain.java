package io.involution.cuda;

import io.involution.failure.InputException;
import io.involution.model.network.NetworkBlueprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A network as the kernels compute it: a chain of layers that end in a softmax.
 *
 * @param label the network's name
 * @param layers from the images to the classes
 */
record NetworkChain(String label, List<BaseLayer> layers) {

  /** Checks that there are layers. */
  NetworkChain {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException(label + " has no layers");
    }
  }

  /**
   * The chain of a network.
   *
   * @throws InputException naming the layer that the kernels cannot compute, and why
   */
  static NetworkChain of(NetworkBlueprint blueprint) {
    ComputationGraphConfiguration network = blueprint.trained();
    boolean plain =
        network.getNetworkInputs().size() == 1
            && network.getNetworkOutputs().size() == 1
            && network.getDataType() == DataType.FLOAT
            && network.getBackpropType() == BackpropType.Standard;
    if (!plain) {
      throw refused(blueprint.label(), "has not one input, one output and float32 numbers");
    }
    List<BaseLayer> layers = new ArrayList<>();
    String above = network.getNetworkInputs().get(0);
    for (int i = 0; i < network.getVertices().size(); i++) {
      above = next(blueprint.label(), network, above);
      boolean last = above.equals(network.getNetworkOutputs().get(0));
      layers.add(layer(blueprint.label(), network, above, last));
    }
    return new NetworkChain(blueprint.label(), layers);
  }

  private static String next(String label, ComputationGraphConfiguration network, String above) {
    List<String> users =
        network.getVertexInputs().entrySet().stream()
            .filter(inputs -> inputs.getValue().contains(above))
            .map(inputs -> inputs.getKey())
            .toList();
    if (users.size() != 1 || network.getVertexInputs().get(users.get(0)).size() != 1) {
      throw refused(label, above, "its outputs do not go to one layer alone");
    }
    return users.get(0);
  }

  private static BaseLayer layer(
      String label, ComputationGraphConfiguration network, String name, boolean last) {
    GraphVertex vertex = network.getVertices().get(name);
    if (!(vertex instanceof LayerVertex layer)) {
      throw refused(label, name, "it is a " + vertex.getClass().getSimpleName());
    }
    String reason = LayerRules.refusal(layer, last);
    if (!reason.isEmpty()) {
      throw refused(label, name, reason);
    }
    return (BaseLayer) layer.getLayerConf().getLayer();
  }

  private static InputException refused(String label, String layer, String reason) {
    return refused(
        label,
        String.format(
            Locale.ROOT, "has layer %s, which the GPU kernels cannot train (%s)", layer, reason));
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
