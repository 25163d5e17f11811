package io.involution.model.network;

import io.involution.layers.SoftmaxCrossEntropy;
import java.io.Serializable;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * What an executor needs to build a network: its name and its DL4J configuration. Two equal
 * blueprints build the same network, including its initial weights.
 *
 * @param label the network's name, such as {@code convolution}
 * @param json the configuration as DL4J writes it
 */
public record NetworkBlueprint(String label, String json) implements Serializable {

  /** The blueprint of a configuration. */
  public static NetworkBlueprint of(String label, ComputationGraphConfiguration configuration) {
    return new NetworkBlueprint(label, configuration.toJson());
  }

  /**
   * The same network with class weights in the loss.
   *
   * @param weights by class
   * @throws IllegalArgumentException if its output layer has another loss than {@link
   *     SoftmaxCrossEntropy}
   */
  public NetworkBlueprint weighted(double[] weights) {
    ComputationGraphConfiguration weighted = configuration();
    for (String output : weighted.getNetworkOutputs()) {
      if (!(weighted.getVertices().get(output) instanceof LayerVertex vertex)
          || !(vertex.getLayerConf().getLayer() instanceof BaseOutputLayer layer)
          || !(layer.getLossFn() instanceof SoftmaxCrossEntropy)) {
        throw new IllegalArgumentException("the loss of " + label + " takes no class weights");
      }
      layer.setLossFn(new SoftmaxCrossEntropy(weights));
    }
    return of(label, weighted);
  }

  /** Names of the network's layers. */
  public Set<String> layers() {
    return configuration().getVertices().keySet();
  }

  /** Number of entries in the network's flat parameter vector; the network is not built. */
  public long parameters() {
    return configuration().getVertices().values().stream()
        .mapToLong(vertex -> vertex.numParams(false))
        .sum();
  }

  /** Builds the network with its initial weights. */
  public ComputationGraph build() {
    ComputationGraph graph = new ComputationGraph(configuration());
    graph.init();
    graph.setUpdater(new WholeGradientUpdater(graph));
    return graph;
  }

  private ComputationGraphConfiguration configuration() {
    return ComputationGraphConfiguration.fromJson(json);
  }
}
