package io.involution.layers;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What DL4J asks about the parameters of an {@link ImageLayer}. */
final class ImageLayerParameters implements ParamInitializer {
  static final ImageLayerParameters INSTANCE = new ImageLayerParameters();

  private ImageLayerParameters() {}

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return ((ImageLayer) layer).checkedParameterCount();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return ((ImageLayer) layer).parameterKeys();
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return ((ImageLayer) layer).weightKeys();
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return ((ImageLayer) layer).biasKeys();
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return weightKeys(layer).contains(key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return biasKeys(layer).contains(key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray vector, boolean initialize) {
    ImageLayer layer = (ImageLayer) conf.getLayer();
    Map<String, INDArray> views = layer.views(vector);
    if (initialize) {
      layer.initialize(views);
    }
    layer.parameterKeys().forEach(conf::addVariable);
    return views;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray gradient) {
    return ((ImageLayer) conf.getLayer()).views(gradient);
  }
}
