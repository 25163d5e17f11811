package io.involution.model.network;

import io.involution.compute.CrashDumps;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.model.Normalization;
import io.involution.optimizer.Muon;
import java.io.Serializable;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * What an executor needs to build a network: its name and its DL4J configuration. Two equal
 * blueprints build the same network, including its initial weights.
 *
 * @param label the network's name, such as {@code convolution}
 * @param json the configuration as DL4J writes it, and as it is saved
 * @param stepsPerEpoch local steps of an epoch, by which schedules of the configuration count
 * @param normalization what is done to the pixels
 */
public record NetworkBlueprint(
    String label, String json, int stepsPerEpoch, Normalization normalization)
    implements Serializable {
  static {
    CrashDumps.off();
  }

  /** The blueprint of a configuration without schedules by epoch, for pixels as they are. */
  public static NetworkBlueprint of(String label, ComputationGraphConfiguration configuration) {
    return new NetworkBlueprint(label, configuration.toJson(), 1, Normalization.NONE);
  }

  /** The same network for other pixels. */
  public NetworkBlueprint with(Normalization other) {
    return new NetworkBlueprint(label, json, stepsPerEpoch, other);
  }

  /** The same network in epochs of another length. */
  public NetworkBlueprint with(int steps) {
    return new NetworkBlueprint(label, json, steps, normalization);
  }

  /**
   * The same network with class weights or label smoothing in the loss. Where it has the other one
   * itself, it keeps that.
   *
   * @param loss in place of its own
   * @throws IllegalArgumentException if its output layer has another loss than a cross-entropy
   */
  public NetworkBlueprint with(SoftmaxCrossEntropy loss) {
    ComputationGraphConfiguration weighted = configuration();
    for (String output : weighted.getNetworkOutputs()) {
      if (!(weighted.getVertices().get(output) instanceof LayerVertex vertex)
          || !(vertex.getLayerConf().getLayer() instanceof BaseOutputLayer layer)
          || !(layer.getLossFn() instanceof SoftmaxCrossEntropy
              || layer.getLossFn() instanceof LossMCXENT)) {
        throw new IllegalArgumentException(
            "the loss of " + label + " takes no class weights or label smoothing");
      }
      layer.setLossFn(layer.getLossFn() instanceof SoftmaxCrossEntropy own ? loss.over(own) : loss);
    }
    return new NetworkBlueprint(label, weighted.toJson(), stepsPerEpoch, normalization);
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

  /** Whether its layers draw random numbers while it is trained. */
  public boolean drawsNumbers() {
    return json.contains("org.deeplearning4j.nn.conf.dropout.");
  }

  /** Whether one of its layers is trained by {@link Muon}. */
  public boolean hasMuon() {
    return json.contains(Muon.class.getName());
  }

  /** Builds the network with its initial weights. */
  public ComputationGraph build() {
    ComputationGraph graph = new ComputationGraph(trained());
    graph.init();
    graph.setUpdater(new WholeGradientUpdater(graph));
    return graph;
  }

  /** The configuration as it is trained: losses that count, and schedules by the run's steps. */
  public ComputationGraphConfiguration trained() {
    return ComputationGraphConfiguration.fromJson(new StandIns(stepsPerEpoch).in(json));
  }

  /**
   * The configuration as a model file says it, with a network's counters.
   *
   * @param graph the network that {@link #build} has made, perhaps trained since
   */
  public ComputationGraphConfiguration saved(ComputationGraph graph) {
    ComputationGraphConfiguration configuration = configuration();
    configuration.setIterationCount(graph.getConfiguration().getIterationCount());
    configuration.setEpochCount(graph.getConfiguration().getEpochCount());
    return configuration;
  }

  ComputationGraphConfiguration configuration() {
    return ComputationGraphConfiguration.fromJson(json);
  }
}
