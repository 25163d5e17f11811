package io.involution.model.network;

import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Involution;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The wide involution network, 159,690 trainable parameters and 112 statistics. All spatial layers
 * are involutions, with kernels of 5 x 5, 8 groups and a reduction ratio of 4; as in RedNet (Li et
 * al., CVPR 2021) they are placed between 1 x 1 convolutions, which mix and widen the channels:
 *
 * <pre>
 * input        [images, 3, 32, 32]
 * pointwise1   1x1, 32 filters, ReLU  [images, 32, 32, 32]      128 parameters
 * involution1  5x5, ReLU, pool        [images, 32, 16, 16]    2,080 parameters, 16 statistics
 * pointwise2   1x1, 64 filters, ReLU  [images, 64, 16, 16]    2,112
 * involution2  5x5, ReLU, pool        [images, 64, 8, 8]      4,472 parameters, 32 statistics
 * pointwise3   1x1, 128 filters, ReLU [images, 128, 8, 8]     8,320
 * involution3  5x5, ReLU, pool        [images, 128, 4, 4]    10,792 parameters, 64 statistics
 * dense        64, ReLU               [images, 64]          131,136
 * output       10, softmax            [images, 10]              650
 * </pre>
 */
public final class WideInvolutionNetwork {
  private WideInvolutionNetwork() {}

  /** The network's configuration: Glorot-uniform weights, zero biases, Adam, float32. */
  public static ComputationGraphConfiguration configuration(NetworkOptions options) {
    return ReferenceFrame.end(
        options,
        ReferenceFrame.begin(options)
            .addLayer(
                "pointwise1", pointwise(32).inputGradient(false).build(), ReferenceFrame.INPUT)
            .addLayer("involution1", involution(), "pointwise1")
            .addLayer("pointwise2", pointwise(64).build(), "involution1")
            .addLayer("involution2", involution(), "pointwise2")
            .addLayer("pointwise3", pointwise(128).build(), "involution2")
            .addLayer("involution3", involution(), "pointwise3"),
        "involution3");
  }

  private static ConvolutionBlock.Builder pointwise(int filters) {
    return new ConvolutionBlock.Builder().nOut(filters).kernelSize(1).stride(1).same(true);
  }

  private static Involution involution() {
    return new Involution.Builder()
        .kernelSize(5)
        .groups(8)
        .reductionRatio(4)
        .relu(true)
        .pool(true)
        .build();
  }
}
