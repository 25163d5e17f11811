package io.involution.model.network;

import io.involution.config.InvolutionOptions;
import io.involution.layers.Involution;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The involution network of the reference run, 13,074 trainable parameters and 6 statistics:
 *
 * <pre>
 * input        [images, 3, 32, 32]
 * involution1  3x3, ReLU, pool  [images, 3, 16, 16]      24 parameters, 2 statistics
 * involution2  3x3, ReLU, pool  [images, 3, 8, 8]        24 parameters, 2 statistics
 * involution3  3x3, ReLU        [images, 3, 8, 8]        24 parameters, 2 statistics
 * dense        64, ReLU         [images, 64]         12,352
 * output       10, softmax      [images, 10]            650
 * </pre>
 */
public final class InvolutionNetwork {
  private InvolutionNetwork() {}

  /**
   * The network's configuration, as above but with the given hyperparameters: Glorot-uniform
   * weights, zero biases, Adam, float32.
   */
  public static ComputationGraphConfiguration configuration(NetworkOptions options) {
    return ReferenceFrame.end(
        options,
        ReferenceFrame.begin(options)
            .addLayer(
                "involution1",
                involution(options).pool(true).inputGradient(false).build(),
                ReferenceFrame.INPUT)
            .addLayer("involution2", involution(options).pool(true).build(), "involution1")
            .addLayer("involution3", involution(options).build(), "involution2"),
        "involution3");
  }

  private static Involution.Builder involution(NetworkOptions options) {
    InvolutionOptions shape = options.involution();
    return new Involution.Builder()
        .channel(options.schema().image().channels())
        .groups(shape.groups())
        .kernelSize(shape.kernelSize())
        .stride(shape.stride())
        .reductionRatio(shape.reductionRatio())
        .relu(true);
  }
}
