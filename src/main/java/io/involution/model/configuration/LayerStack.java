package io.involution.model.configuration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;

/**
 * Layers one after the other, as DL4J's MultiLayerConfiguration has them: the same network as a
 * graph, with the same initial parameters in the same order.
 */
final class LayerStack {
  private static final String INPUT = "in";

  private LayerStack() {}

  /**
   * The graph: its layers are called by their numbers, as DL4J's own {@code toComputationGraph}
   * calls them.
   *
   * @param stack the layers, which are renamed and become part of the result
   * @throws IllegalArgumentException if there are none
   */
  static ComputationGraphConfiguration graph(MultiLayerConfiguration stack) {
    if (stack.getConfs() == null || stack.getConfs().isEmpty()) {
      throw new IllegalArgumentException("it has no layers");
    }
    Map<String, GraphVertex> vertices = new LinkedHashMap<>();
    Map<String, List<String>> inputs = new LinkedHashMap<>();
    String last = INPUT;
    for (NeuralNetConfiguration layer : stack.getConfs()) {
      int number = vertices.size();
      InputPreProcessor before =
          stack.getInputPreProcessors() == null ? null : stack.getInputPreProcess(number);
      String name = String.valueOf(number);
      layer.getLayer().setLayerName(name);
      vertices.put(name, new LayerVertex(layer, before));
      inputs.put(name, List.of(last));
      last = name;
    }
    ComputationGraphConfiguration graph = new ComputationGraphConfiguration();
    graph.setNetworkInputs(List.of(INPUT));
    graph.setNetworkOutputs(List.of(last));
    graph.setVertices(vertices);
    graph.setVertexInputs(inputs);
    NeuralNetConfiguration settings = stack.getConf(0).clone();
    settings.setLayer(null);
    graph.setDefaultConfiguration(settings);
    copySettings(stack, graph);
    return graph;
  }

  private static void copySettings(
      MultiLayerConfiguration stack, ComputationGraphConfiguration graph) {
    graph.setDataType(stack.getDataType());
    graph.setValidateOutputLayerConfig(stack.isValidateOutputLayerConfig());
    graph.setBackpropType(stack.getBackpropType());
    graph.setTbpttFwdLength(stack.getTbpttFwdLength());
    graph.setTbpttBackLength(stack.getTbpttBackLength());
    graph.setCacheMode(stack.getCacheMode());
    graph.setTrainingWorkspaceMode(stack.getTrainingWorkspaceMode());
    graph.setInferenceWorkspaceMode(stack.getInferenceWorkspaceMode());
    graph.setIterationCount(stack.getIterationCount());
    graph.setEpochCount(stack.getEpochCount());
  }
}
