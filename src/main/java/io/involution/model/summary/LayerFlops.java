package io.involution.model.summary;

import io.involution.layers.BatchNormBlock;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Involution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;

/**
 * Floating-point operations of a layer's forward pass for one example: every multiply-add of a
 * product counts as two; biases, activations and pooling are not counted.
 */
public final class LayerFlops {
  private LayerFlops() {}

  /**
   * Counts the operations.
   *
   * @param layer the layer's configuration
   * @param input shape of its input
   */
  public static long of(Layer layer, InputType input) {
    if (layer instanceof Involution involution) {
      return involution(involution, (InputTypeConvolutional) input);
    }
    if (layer instanceof ConvolutionBlock convolution) {
      return convolution(convolution, (InputTypeConvolutional) input);
    }
    if (layer instanceof ConvolutionLayer convolution) {
      return convolution(convolution, (InputTypeConvolutional) input);
    }
    if (layer instanceof BatchNormalization || layer instanceof BatchNormBlock) {
      return 2 * input.arrayElementsPerExample();
    }
    if (layer instanceof ElementWiseMultiplicationLayer products) {
      return 2 * products.getNOut();
    }
    // Layers without products, such as pooling, do not know a number of outputs of their own.
    return layer instanceof DenseLayer || layer instanceof BaseOutputLayer
        ? 2 * ((FeedForwardLayer) layer).getNIn() * ((FeedForwardLayer) layer).getNOut()
        : 0;
  }

  /** DL4J's convolutions: an output, or of a deconvolution an input, has a product per weight. */
  private static long convolution(ConvolutionLayer layer, InputTypeConvolutional input) {
    InputTypeConvolutional output = (InputTypeConvolutional) layer.getOutputType(0, input);
    InputTypeConvolutional places = layer instanceof Deconvolution2D ? input : output;
    long positions = places.getHeight() * places.getWidth();
    long taps = (long) layer.getKernelSize()[0] * layer.getKernelSize()[1];
    if (layer instanceof DepthwiseConvolution2D depthwise) {
      return 2 * taps * layer.getNIn() * depthwise.getDepthMultiplier() * positions;
    }
    if (layer instanceof SeparableConvolution2D separable) {
      long deep = layer.getNIn() * separable.getDepthMultiplier();
      return 2 * (taps + layer.getNOut()) * deep * positions;
    }
    return 2 * taps * layer.getNIn() * layer.getNOut() * positions;
  }

  private static long convolution(ConvolutionBlock layer, InputTypeConvolutional input) {
    long size = layer.getKernelSize();
    long stride = layer.getStride();
    long missing = layer.isSame() ? 0 : size - 1;
    long positions =
        ceilDivide(input.getHeight() - missing, stride)
            * ceilDivide(input.getWidth() - missing, stride);
    return 2 * size * size * layer.getNIn() * layer.getNOut() * positions;
  }

  /**
   * The two convolutions that generate the kernel, the normalization between them, and the product.
   */
  private static long involution(Involution layer, InputTypeConvolutional input) {
    long stride = layer.getStride();
    long positions = ceilDivide(input.getHeight(), stride) * ceilDivide(input.getWidth(), stride);
    long taps = (long) layer.getKernelSize() * layer.getKernelSize();
    long reduced = Math.max(1, layer.getChannel() / layer.getReductionRatio());
    long channels = input.getChannels();
    long reduce = channels * reduced;
    long span = reduced * taps * layer.getGroups();
    return 2 * positions * (reduce + reduced + span + taps * channels);
  }

  private static long ceilDivide(long dividend, long divisor) {
    return (dividend + divisor - 1) / divisor;
  }
}
