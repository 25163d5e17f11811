package io.involution.model.state;

import io.involution.layers.UntrainedParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The layout of a network's flat parameter vector: consecutive blocks without gaps. */
public final class ParameterLayout {
  /** The statistics of DL4J's own layer. */
  private static final List<String> BATCH_NORMALIZATION =
      List.of(
          BatchNormalizationParamInitializer.GLOBAL_MEAN,
          BatchNormalizationParamInitializer.GLOBAL_VAR,
          BatchNormalizationParamInitializer.GLOBAL_LOG_STD);

  private final List<ParameterBlock> blocks;

  private ParameterLayout(List<ParameterBlock> blocks) {
    this.blocks = List.copyOf(blocks);
  }

  /**
   * Determines the layout of an initialized network, layers in the order of its parameter vector.
   */
  public static ParameterLayout of(ComputationGraph graph) {
    List<ParameterBlock> blocks = new ArrayList<>();
    int offset = 0;
    for (String vertex : graph.getConfiguration().getTopologicalOrderStr()) {
      Layer layer = graph.getVertex(vertex).hasLayer() ? graph.getLayer(vertex) : null;
      if (layer == null) {
        continue;
      }
      List<String> untrained = untrained(layer);
      for (Map.Entry<String, INDArray> entry : layer.paramTable().entrySet()) {
        INDArray values = entry.getValue();
        List<Long> shape = Arrays.stream(values.shape()).boxed().collect(Collectors.toList());
        boolean trainable = !untrained.contains(entry.getKey());
        int length = Math.toIntExact(values.length());
        blocks.add(new ParameterBlock(vertex, entry.getKey(), shape, offset, length, trainable));
        offset += length;
      }
    }
    return new ParameterLayout(blocks);
  }

  private static List<String> untrained(Layer layer) {
    if (layer.conf().getLayer() instanceof BatchNormalization) {
      return BATCH_NORMALIZATION;
    }
    return layer.conf().getLayer() instanceof UntrainedParameters kept
        ? kept.untrainedKeys()
        : List.of();
  }

  /** The blocks, in the order of the flat vector. */
  public List<ParameterBlock> blocks() {
    return blocks;
  }

  /** The blocks of one layer. */
  public List<ParameterBlock> blocks(String layer) {
    return blocks.stream().filter(block -> block.layer().equals(layer)).toList();
  }

  /** Number of entries that gradients change. */
  public int trainable() {
    return blocks.stream().filter(ParameterBlock::trainable).mapToInt(ParameterBlock::length).sum();
  }

  /** Number of entries that gradients do not change: running statistics and frozen filters. */
  public int nonTrainable() {
    return length() - trainable();
  }

  /** Number of entries in the flat vector. */
  public int length() {
    return blocks.isEmpty() ? 0 : blocks.get(blocks.size() - 1).end();
  }
}
