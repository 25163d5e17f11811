package io.involution.model;

import io.involution.layers.ConvolutionBlock;
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
    return new NeuralNetConfiguration.Builder()
        .seed(options.seed())
        .dataType(DataType.FLOAT)
        .cacheMode(CacheMode.NONE)
        .weightInit(WeightInit.XAVIER_UNIFORM)
        .updater(new Adam(options.learningRate(), 0.9, 0.999, 1e-7))
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(InputType.convolutional(32, 32, 3))
        .addLayer("conv1", block(32).pool(true).inputGradient(false).build(), "input")
        .addLayer("conv2", block(64).pool(true).build(), "conv1")
        .addLayer("conv3", block(64).build(), "conv2")
        .addLayer(
            "dense", new DenseLayer.Builder().nOut(64).activation(Activation.RELU).build(), "conv3")
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

  private static ConvolutionBlock.Builder block(int filters) {
    return new ConvolutionBlock.Builder().nOut(filters).kernelSize(3).stride(1).same(true);
  }
}
