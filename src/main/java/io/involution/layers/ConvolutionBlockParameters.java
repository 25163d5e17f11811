package io.involution.layers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Parameters of a {@link ConvolutionBlock} in the parameter vector: the biases, then the weights in
 * c order, as DL4J's own convolution has them. Glorot's fans are {@code channels * kernelSize^2}
 * and {@code filters * kernelSize^2} whatever the stride, as in Keras.
 */
final class ConvolutionBlockParameters implements ParamInitializer {
  static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;
  static final String BIASES = DefaultParamInitializer.BIAS_KEY;
  static final ConvolutionBlockParameters INSTANCE = new ConvolutionBlockParameters();

  private ConvolutionBlockParameters() {}

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    ConvolutionBlock block = (ConvolutionBlock) layer;
    long taps = (long) block.getKernelSize() * block.getKernelSize();
    return block.getNOut() * (block.getNIn() * taps + 1);
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return List.of(WEIGHTS, BIASES);
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return List.of(WEIGHTS);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return List.of(BIASES);
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return WEIGHTS.equals(key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return BIASES.equals(key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray parameters, boolean initialize) {
    ConvolutionBlock block = (ConvolutionBlock) conf.getLayer();
    Map<String, INDArray> table =
        Collections.synchronizedMap(new LinkedHashMap<>(split(block, parameters)));
    if (initialize) {
      table.get(BIASES).assign(block.getBiasInit());
      INDArray weights = table.get(WEIGHTS);
      double taps = (double) block.getKernelSize() * block.getKernelSize();
      block
          .getWeightInitFn()
          .init(
              block.getNIn() * taps,
              block.getNOut() * taps,
              weights.shape(),
              'c',
              weights.reshape('c', 1, weights.length()));
    }
    conf.addVariable(WEIGHTS);
    conf.addVariable(BIASES);
    return table;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray gradients) {
    return split((ConvolutionBlock) conf.getLayer(), gradients);
  }

  private static Map<String, INDArray> split(ConvolutionBlock block, INDArray vector) {
    long filters = block.getNOut();
    int size = block.getKernelSize();
    INDArray flat = vector.reshape(vector.length());
    INDArray biases = flat.get(NDArrayIndex.interval(0, filters));
    INDArray weights = flat.get(NDArrayIndex.interval(filters, vector.length()));
    Map<String, INDArray> views = new LinkedHashMap<>();
    views.put(BIASES, biases.reshape('c', 1, filters));
    views.put(WEIGHTS, weights.reshape('c', filters, block.getNIn(), size, size));
    return views;
  }
}
