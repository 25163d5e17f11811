package io.involution.model.network;

import io.involution.layers.BatchNormBlock;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Gelu;
import io.involution.layers.GlobalPool;
import io.involution.layers.IdentityStart;
import io.involution.layers.SoftmaxOutput;
import io.involution.layers.WhiteningStart;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;

/**
 * The parts that the deep networks share, after airbench94 (Jordan, "94% on CIFAR-10 in 3.29
 * Seconds on a Single GPU", 2024): a frozen first layer that whitens patches of 2 x 2 pixels, whose
 * biases learn; BatchNorms without a factor, whose running statistics follow quickly and whose
 * biases have a large step size; and a global maximum before an output layer without bias, whose
 * logits are divided by 9.
 */
final class DeepFrame {
  /** Rows and columns of a patch that is whitened. */
  private static final int PATCH = 2;

  /** What is added to the eigenvalues of the patches' covariance. */
  private static final double WHITENING_EPSILON = 5e-4;

  /** The share of a BatchNorm's running statistics that a step keeps. */
  private static final double DECAY = 0.6;

  /** Airbench94 has 1e-12, with which a channel that has no variance overflows. */
  private static final double EPSILON = 1e-5;

  /** Step size of a BatchNorm's biases, as a multiple of the others'. */
  private static final double BETA_RATE = 64;

  private static final double LOGIT_SCALE = 1.0 / 9;

  private DeepFrame() {}

  /** Everything before the first block; its output is called {@code gelu}. */
  static GraphBuilder begin(NetworkOptions options) {
    int filters = 2 * PATCH * PATCH * options.schema().image().channels();
    return ReferenceFrame.begin(options)
        .addLayer(
            "whitening",
            new ConvolutionBlock.Builder()
                .nOut(filters)
                .kernelSize(PATCH)
                .same(false)
                .trained(false)
                .inputGradient(false)
                .activation(Activation.IDENTITY)
                .weightInit(new WhiteningStart(WHITENING_EPSILON))
                .build(),
            ReferenceFrame.INPUT)
        .addLayer("gelu", new Gelu(), "whitening");
  }

  /** A convolution without biases and activation, which starts as the identity. */
  static ConvolutionBlock.Builder convolution(int filters, int kernelSize) {
    return new ConvolutionBlock.Builder()
        .nOut(filters)
        .kernelSize(kernelSize)
        .bias(false)
        .activation(Activation.IDENTITY)
        .weightInit(new IdentityStart());
  }

  /** A BatchNorm without a factor, and a GELU. */
  static BatchNormBlock norm() {
    return new BatchNormBlock.Builder()
        .scale(false)
        .decay(DECAY)
        .epsilon(EPSILON)
        .betaRate(BETA_RATE)
        .activation(Activation.GELU)
        .build();
  }

  /**
   * Everything after the last block.
   *
   * @param options has the number of classes
   * @param features name of the last layer of the last block
   */
  static ComputationGraphConfiguration end(
      NetworkOptions options, GraphBuilder layers, String features) {
    SoftmaxOutput output = new SoftmaxOutput(options.schema().classCount());
    output.setHasBias(false);
    output.setWeightInitFn(WeightInit.UNIFORM.getWeightInitFunction());
    return layers
        .addLayer("pool", new GlobalPool(GlobalPool.Kind.MAX), features)
        .addVertex("scale", new ScaleVertex(LOGIT_SCALE), "pool")
        .addLayer("output", output, "scale")
        .setOutputs("output")
        .build();
  }
}
