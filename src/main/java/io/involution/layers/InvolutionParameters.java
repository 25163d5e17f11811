package io.involution.layers;

import io.involution.layers.involution.ParameterOffsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Lays an involution's parameters out in the network's vector: reduce weights [R, C], reduce bias
 * [R], gamma [R], beta [R], running mean [R], running variance [R], span weights [K*K*G, R], span
 * bias [K*K*G]. Both 1x1 convolutions start Glorot-uniform unless the layer says otherwise; biases,
 * beta and mean start at 0, gamma and variance at 1.
 */
public final class InvolutionParameters implements ParamInitializer {
  /** Weights [R, C] of the first 1x1 convolution. */
  public static final String REDUCE_WEIGHTS = "reduceW";

  /** Bias [1, R] of the first 1x1 convolution. */
  public static final String REDUCE_BIAS = "reduceB";

  /** Scale [1, R] of the BatchNorm. */
  public static final String GAMMA = "gamma";

  /** Shift [1, R] of the BatchNorm. */
  public static final String BETA = "beta";

  /** Running mean [1, R] of the BatchNorm; not trained. */
  public static final String MEAN = "mean";

  /** Running biased variance [1, R] of the BatchNorm; not trained. */
  public static final String VARIANCE = "var";

  /** Weights [K*K*G, R] of the second 1x1 convolution; row tap * G + group. */
  public static final String SPAN_WEIGHTS = "spanW";

  /** Bias [1, K*K*G] of the second 1x1 convolution. */
  public static final String SPAN_BIAS = "spanB";

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
    return new ParameterOffsets((Involution) layer).length;
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
    Map<String, INDArray> views = views(layer, vector);
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
    return views((Involution) conf.getLayer(), gradient);
  }

  /** Each parameter as a view of the layer's vector. */
  public static Map<String, INDArray> views(Involution layer, INDArray vector) {
    ParameterOffsets offsets = new ParameterOffsets(layer);
    int reduced = layer.reducedChannels();
    int outputs = offsets.spanOutputs;
    INDArray flat = vector.reshape(vector.length());
    Map<String, INDArray> views = new LinkedHashMap<>();
    views.put(REDUCE_WEIGHTS, view(flat, offsets.reduceWeights, reduced, layer.getNIn()));
    views.put(REDUCE_BIAS, view(flat, offsets.reduceBias, 1, reduced));
    views.put(GAMMA, view(flat, offsets.gamma, 1, reduced));
    views.put(BETA, view(flat, offsets.beta, 1, reduced));
    views.put(MEAN, view(flat, offsets.mean, 1, reduced));
    views.put(VARIANCE, view(flat, offsets.variance, 1, reduced));
    views.put(SPAN_WEIGHTS, view(flat, offsets.spanWeights, outputs, reduced));
    views.put(SPAN_BIAS, view(flat, offsets.spanBias, 1, outputs));
    return views;
  }

  private static INDArray view(INDArray flat, int from, long rows, long columns) {
    return flat.get(NDArrayIndex.interval(from, from + rows * columns)).reshape('c', rows, columns);
  }
}
