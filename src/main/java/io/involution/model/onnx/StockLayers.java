package io.involution.model.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.params.PReLUParamInitializer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Writes DL4J's own layers. */
final class StockLayers {
  private static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;
  private static final String BIASES = DefaultParamInitializer.BIAS_KEY;
  private static final int[] IMAGE_DIMENSIONS = {2, 3};

  private StockLayers() {}

  static String dense(Place at, DenseLayer layer) {
    if (layer.hasLayerNorm()) {
      throw new Inexpressible("with a layer norm");
    }
    return features(at, layer.getActivationFn());
  }

  static String output(Place at, OutputLayer layer) {
    return features(at, layer.getActivationFn());
  }

  private static String features(Place at, IActivation function) {
    if (at.isImages()) {
      throw new Inexpressible("with images as its input");
    }
    String weights = at.parameter(WEIGHTS);
    String sum =
        at.has(BIASES)
            ? at.node("Gemm", List.of(weights, biases(at)))
            : at.node("MatMul", List.of(weights));
    return Activations.write(at.after(sum), function);
  }

  private static String biases(Place at) {
    return at.parameter(BIASES, at.parameters().get(BIASES).length());
  }

  static String convolution(Place at, ConvolutionLayer layer) {
    requireChannelsFirst(layer.getCnn2dDataFormat());
    Window plain = Window.of(layer.getKernelSize(), layer.getStride(), layer.getDilation());
    Window window = padded(at, plain, layer.getConvolutionMode(), layer.getPadding());
    List<String> parameters = new ArrayList<>(List.of(at.parameter(WEIGHTS)));
    if (at.has(BIASES)) {
      parameters.add(biases(at));
    }
    String sum = at.node("Conv", parameters, window.attributes());
    return Activations.write(at.after(sum), layer.getActivationFn());
  }

  static String subsampling(Place at, SubsamplingLayer layer) {
    requireChannelsFirst(layer.getCnn2dDataFormat());
    Window plain = Window.of(layer.getKernelSize(), layer.getStride(), layer.getDilation());
    Window window = padded(at, plain, layer.getConvolutionMode(), layer.getPadding());
    List<Attribute> attributes = window.attributes();
    if (layer.getPoolingType() == PoolingType.MAX) {
      return at.node("MaxPool", List.of(), attributes);
    }
    if (layer.getPoolingType() != PoolingType.AVG || window.isDilated()) {
      throw new Inexpressible("of the type " + layer.getPoolingType());
    }
    if (layer.isAvgPoolIncludePadInDivisor()) {
      attributes.add(Attribute.of("count_include_pad", 1));
    }
    return at.node("AveragePool", List.of(), attributes);
  }

  private static Window padded(Place at, Window plain, ConvolutionMode mode, int[] padding) {
    return switch (mode) {
      case Same -> plain.same(at.images());
      case Strict, Truncate -> plain.padded(padding);
      default -> throw new Inexpressible("with the convolution mode " + mode);
    };
  }

  private static void requireChannelsFirst(CNN2DFormat format) {
    if (format != CNN2DFormat.NCHW) {
      throw new Inexpressible("with the format " + format);
    }
  }

  static String normalization(Place at, BatchNormalization layer) {
    if (at.isImages()) {
      requireChannelsFirst(layer.getCnn2DFormat());
    }
    INDArray mean = at.parameters().get(BatchNormalizationParamInitializer.GLOBAL_MEAN);
    long channels = mean.length();
    String variance =
        at.has(BatchNormalizationParamInitializer.GLOBAL_VAR)
            ? at.parameter(BatchNormalizationParamInitializer.GLOBAL_VAR, channels)
            : at.graph().reals("var", variance(at), channels);
    return at.node(
        "BatchNormalization",
        List.of(
            // No parameters where the layer says that they are not trained.
            at.parameterOr(BatchNormalizationParamInitializer.GAMMA, layer.getGamma(), channels),
            at.parameterOr(BatchNormalizationParamInitializer.BETA, layer.getBeta(), channels),
            at.parameter(BatchNormalizationParamInitializer.GLOBAL_MEAN, channels),
            variance),
        List.of(Attribute.of("epsilon", (float) layer.getEps())));
  }

  /** DL4J may keep the logarithm of the standard deviation, to base 10. */
  private static INDArray variance(Place at) {
    INDArray logarithm = at.parameters().get(BatchNormalizationParamInitializer.GLOBAL_LOG_STD);
    return Transforms.exp(logarithm.mul(2 * Math.log(10)), false);
  }

  /** DL4J has n / 2 channels on both sides, and does not divide alpha by how many they are. */
  static String localResponse(Place at, LocalResponseNormalization layer) {
    requireChannelsFirst(layer.getDataFormat());
    long size = 2 * ((long) layer.getN() / 2) + 1;
    return at.node(
        "LRN",
        List.of(),
        List.of(
            Attribute.of("size", size),
            Attribute.of("alpha", (float) (layer.getAlpha() * size)),
            Attribute.of("beta", (float) layer.getBeta()),
            Attribute.of("bias", (float) layer.getK())));
  }

  /** The slopes have one side fewer than the images: ONNX repeats them for each. */
  static String parametricRelu(Place at, PReLULayer layer) {
    return at.node("PRelu", List.of(at.parameter(PReLUParamInitializer.WEIGHT_KEY)));
  }

  static String globalPooling(Place at, GlobalPoolingLayer layer) {
    int[] dimensions = layer.getPoolingDimensions();
    boolean all = dimensions == null || Arrays.equals(dimensions, IMAGE_DIMENSIONS);
    if (!at.isImages() || !all) {
      throw new Inexpressible("over other dimensions than those of images");
    }
    String pooled =
        switch (layer.getPoolingType()) {
          case MAX -> at.node("GlobalMaxPool", List.of());
          case AVG -> at.node("GlobalAveragePool", List.of());
          default -> throw new Inexpressible("of the type " + layer.getPoolingType());
        };
    return layer.isCollapseDimensions()
        ? at.after(pooled).node("Flatten", List.of(), List.of(Attribute.of("axis", 1)))
        : pooled;
  }
}
