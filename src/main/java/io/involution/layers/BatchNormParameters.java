package io.involution.layers;

import io.involution.layers.norm.NormOffsets;
import io.involution.layers.settings.LayerStart;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What DL4J asks about the parameters of a {@link BatchNormBlock}. */
final class BatchNormParameters implements ParamInitializer {
  static final BatchNormParameters INSTANCE = new BatchNormParameters();

  private BatchNormParameters() {}

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    BatchNormBlock block = (BatchNormBlock) layer;
    if (block.getNIn() < 1) {
      throw LayerStart.unknownChannels(block);
    }
    return block.offsets().length();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return ((BatchNormBlock) layer).offsets().keys();
  }

  /** None: gamma is a gain. */
  @Override
  public List<String> weightKeys(Layer layer) {
    return List.of();
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return List.of(NormOffsets.BETA);
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return false;
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return key.equals(NormOffsets.BETA);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray vector, boolean initialize) {
    BatchNormBlock block = (BatchNormBlock) conf.getLayer();
    Map<String, INDArray> views = block.offsets().views(vector);
    if (initialize) {
      views.forEach((key, values) -> values.assign(block.start(key)));
    }
    views.keySet().forEach(conf::addVariable);
    return views;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray gradient) {
    return ((BatchNormBlock) conf.getLayer()).offsets().views(gradient);
  }
}
