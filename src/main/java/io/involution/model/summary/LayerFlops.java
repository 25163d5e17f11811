package io.involution.model.summary;

import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Involution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

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
   * @throws IllegalArgumentException for a type of layer that the networks do not use
   */
  public static long of(Layer layer, InputType input) {
    if (layer instanceof Involution involution) {
      return involution(involution, (InputTypeConvolutional) input);
    }
    if (layer instanceof ConvolutionBlock convolution) {
      return convolution(convolution, (InputTypeConvolutional) input);
    }
    if (layer instanceof FeedForwardLayer dense) {
      return 2 * dense.getNIn() * dense.getNOut();
    }
    throw new IllegalArgumentException("unknown cost of " + layer.getClass().getSimpleName());
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
