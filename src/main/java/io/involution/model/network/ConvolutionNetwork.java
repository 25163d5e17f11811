package io.involution.model.network;

import io.involution.layers.ConvolutionBlock;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The convolution network of the reference run, 319,178 parameters:
 *
 * <pre>
 * input   [images, 3, 32, 32]
 * conv1   3x3 SAME, 32 filters, ReLU, pool  [images, 32, 16, 16]      896 parameters
 * conv2   3x3 SAME, 64 filters, ReLU, pool  [images, 64, 8, 8]     18,496
 * conv3   3x3 SAME, 64 filters, ReLU        [images, 64, 8, 8]     36,928
 * dense   64, ReLU                          [images, 64]          262,208
 * output  10, softmax                       [images, 10]              650
 * </pre>
 */
public final class ConvolutionNetwork {
  private ConvolutionNetwork() {}

  /** The network's configuration: Glorot-uniform weights, zero biases, Adam, float32. */
  public static ComputationGraphConfiguration configuration(NetworkOptions options) {
    return ReferenceFrame.end(
        options,
        ReferenceFrame.begin(options)
            .addLayer(
                "conv1", block(32).pool(true).inputGradient(false).build(), ReferenceFrame.INPUT)
            .addLayer("conv2", block(64).pool(true).build(), "conv1")
            .addLayer("conv3", block(64).build(), "conv2"),
        "conv3");
  }

  private static ConvolutionBlock.Builder block(int filters) {
    return new ConvolutionBlock.Builder().nOut(filters).kernelSize(3).stride(1).same(true);
  }
}
