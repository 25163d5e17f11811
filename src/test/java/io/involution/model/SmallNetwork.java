package io.involution.model;

import io.involution.layers.ConvolutionBlock;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.model.network.NetworkBlueprint;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;

/** Networks that take CIFAR-10 images and are small enough for tests. */
public final class SmallNetwork {
  private SmallNetwork() {}

  /** One output layer over the pixels: 3,072 x 10 + 10 = 30,730 parameters. */
  public static NetworkBlueprint linear(IUpdater updater) {
    return NetworkBlueprint.of(
        "linear",
        builder(updater)
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(32, 32, 3))
            .addLayer("output", output(), "input")
            .setOutputs("output")
            .build());
  }

  /** A convolution with 4 filters and a pool before the output layer. */
  public static NetworkBlueprint convolution(IUpdater updater) {
    return NetworkBlueprint.of("small", convolutionConfiguration(updater));
  }

  private static ComputationGraphConfiguration convolutionConfiguration(IUpdater updater) {
    return builder(updater)
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(InputType.convolutional(32, 32, 3))
        .addLayer(
            "conv",
            new ConvolutionBlock.Builder().nOut(4).pool(true).inputGradient(false).build(),
            "input")
        .addLayer("output", output(), "conv")
        .setOutputs("output")
        .build();
  }

  private static NeuralNetConfiguration.Builder builder(IUpdater updater) {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .dataType(DataType.FLOAT)
        .weightInit(WeightInit.XAVIER_UNIFORM)
        .updater(updater);
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(new SoftmaxCrossEntropy())
        .nOut(10)
        .activation(Activation.SOFTMAX)
        .build();
  }
}
