package io.involution.layers;

import static io.involution.layers.involution.ParameterOffsets.BETA;
import static io.involution.layers.involution.ParameterOffsets.GAMMA;
import static io.involution.layers.involution.ParameterOffsets.MEAN;
import static io.involution.layers.involution.ParameterOffsets.REDUCE_BIAS;
import static io.involution.layers.involution.ParameterOffsets.REDUCE_WEIGHTS;
import static io.involution.layers.involution.ParameterOffsets.SPAN_BIAS;
import static io.involution.layers.involution.ParameterOffsets.SPAN_WEIGHTS;
import static io.involution.layers.involution.ParameterOffsets.VARIANCE;

import io.involution.layers.involution.ParameterOffsets;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes and initializes an involution's parameters as {@link ParameterOffsets} lays them out: both
 * 1x1 convolutions start Glorot-uniform unless the layer says otherwise; biases, beta and mean
 * start at 0, gamma and variance at 1.
 */
final class InvolutionParameters implements ParamInitializer {
  static final InvolutionParameters INSTANCE = new InvolutionParameters();

  private static final List<String> KEYS =
      List.of(REDUCE_WEIGHTS, REDUCE_BIAS, GAMMA, BETA, MEAN, VARIANCE, SPAN_WEIGHTS, SPAN_BIAS);
  private static final List<String> WEIGHTS = List.of(REDUCE_WEIGHTS, SPAN_WEIGHTS);
  private static final List<String> BIASES = List.of(REDUCE_BIAS, SPAN_BIAS);

  private InvolutionParameters() {}

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return ((Involution) layer).offsets().length;
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return KEYS;
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return WEIGHTS;
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return BIASES;
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return WEIGHTS.contains(key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return BIASES.contains(key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray vector, boolean initializeParams) {
    Involution layer = (Involution) conf.getLayer();
    Map<String, INDArray> views = layer.offsets().views(vector);
    if (initializeParams) {
      drawWeights(layer, views.get(REDUCE_WEIGHTS));
      drawWeights(layer, views.get(SPAN_WEIGHTS));
      for (String key : List.of(REDUCE_BIAS, BETA, MEAN, SPAN_BIAS)) {
        views.get(key).assign(0);
      }
      for (String key : List.of(GAMMA, VARIANCE)) {
        views.get(key).assign(1);
      }
    }
    KEYS.forEach(conf::addVariable);
    return views;
  }

  private static void drawWeights(Involution layer, INDArray weights) {
    double fanOut = (double) weights.size(0);
    double fanIn = (double) weights.size(1);
    layer
        .getWeightInitFn()
        .init(fanIn, fanOut, weights.shape(), 'c', weights.reshape(weights.length()));
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray gradient) {
    return ((Involution) conf.getLayer()).offsets().views(gradient);
  }
}
