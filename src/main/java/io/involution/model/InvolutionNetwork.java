package io.involution.model;

import io.involution.layers.Involution;
import io.involution.layers.SoftmaxCrossEntropy;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;

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

  /** The network's configuration: Glorot-uniform weights, zero biases, Adam, float32. */
  public static ComputationGraphConfiguration configuration(NetworkOptions options) {
    return new NeuralNetConfiguration.Builder()
        .seed(options.seed())
        .dataType(DataType.FLOAT)
        .cacheMode(CacheMode.NONE)
        .weightInit(WeightInit.XAVIER_UNIFORM)
        .updater(new Adam(options.learningRate(), 0.9, 0.999, 1e-7))
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(InputType.convolutional(32, 32, 3))
        .addLayer("involution1", involution().pool(true).inputGradient(false).build(), "input")
        .addLayer("involution2", involution().pool(true).build(), "involution1")
        .addLayer("involution3", involution().build(), "involution2")
        .addLayer(
            "dense",
            new DenseLayer.Builder().nOut(64).activation(Activation.RELU).build(),
            "involution3")
        .addLayer(
            "output",
            new OutputLayer.Builder(new SoftmaxCrossEntropy())
                .nOut(10)
                .activation(Activation.SOFTMAX)
                .build(),
            "dense")
        .setOutputs("output")
        .build();
  }

  private static Involution.Builder involution() {
    return new Involution.Builder()
        .channel(3)
        .groups(1)
        .kernelSize(3)
        .stride(1)
        .reductionRatio(2)
        .relu(true);
  }
}
