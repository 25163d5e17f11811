package io.involution.model.summary;

import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network's layers and parameters, as a table.
 *
 * @param layers one row per layer, from input to output
 * @param trainable parameters that gradients change
 * @param nonTrainable running statistics and frozen filters
 * @param optimizer number of entries in the updater's state
 */
public record NetworkSummary(
    List<LayerRow> layers, int trainable, int nonTrainable, int optimizer) {

  /**
   * One layer.
   *
   * @param name the layer's name
   * @param type the class name of its configuration
   * @param outputShape shape of its output without the minibatch dimension, channels first
   * @param parameters number of its parameters
   * @param flops floating-point operations of a forward pass for one example, by {@link LayerFlops}
   */
  public record LayerRow(
      String name, String type, String outputShape, int parameters, long flops) {}

  /** Describes an initialized network that takes images. */
  public static NetworkSummary of(ComputationGraph graph, InputType input) {
    ParameterLayout layout = ParameterLayout.of(graph);
    var types = graph.getConfiguration().getLayerActivationTypes(input);
    List<LayerRow> rows = new ArrayList<>();
    for (String vertex : graph.getConfiguration().getTopologicalOrderStr()) {
      if (!graph.getVertex(vertex).hasLayer()) {
        continue;
      }
      int parameters = layout.blocks(vertex).stream().mapToInt(ParameterBlock::length).sum();
      var layer = graph.getLayer(vertex).conf().getLayer();
      String from = graph.getConfiguration().getVertexInputs().get(vertex).get(0);
      long flops = LayerFlops.of(layer, types.getOrDefault(from, input));
      String type = layer.getClass().getSimpleName();
      rows.add(new LayerRow(vertex, type, shape(types.get(vertex)), parameters, flops));
    }
    INDArray updater = graph.getUpdater(true).getStateViewArray();
    int optimizer = updater == null ? 0 : Math.toIntExact(updater.length());
    return new NetworkSummary(rows, layout.trainable(), layout.nonTrainable(), optimizer);
  }

  private static String shape(InputType type) {
    return Arrays.stream(type.getShape())
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(" x "));
  }
}
