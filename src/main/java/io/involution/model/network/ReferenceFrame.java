package io.involution.model.network;

import io.involution.data.ImageShape;
import io.involution.layers.Dense;
import io.involution.layers.SoftmaxOutput;
import io.involution.model.LearningRate;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;

/** The parts that all three networks share: everything but the layers in the middle. */
final class ReferenceFrame {
  /** Name of the input, {@code [images, channels, height, width]}. */
  static final String INPUT = "input";

  private ReferenceFrame() {}

  /** Glorot-uniform weights, zero biases, Adam, float32, and the input. */
  static GraphBuilder begin(NetworkOptions options) {
    return new NeuralNetConfiguration.Builder()
        .seed(options.seed())
        .dataType(DataType.FLOAT)
        .cacheMode(CacheMode.NONE)
        .weightInit(WeightInit.XAVIER_UNIFORM)
        .updater(adam(options.learningRate()))
        .graphBuilder()
        .addInputs(INPUT)
        .setInputTypes(input(options.schema().image()));
  }

  /** The input of networks for images of a shape. */
  static InputType input(ImageShape image) {
    return InputType.convolutional(image.height(), image.width(), image.channels());
  }

  private static Adam adam(LearningRate rate) {
    Adam.Builder adam = Adam.builder().beta1(0.9).beta2(0.999).epsilon(1e-7);
    return rate.isConstant()
        ? adam.learningRate(rate.peak()).build()
        : adam.learningRateSchedule(rate).build();
  }

  /**
   * The dense layer with 64 outputs, and the softmax over the classes.
   *
   * @param options has the number of classes
   * @param features name of the last layer in the middle
   */
  static ComputationGraphConfiguration end(
      NetworkOptions options, GraphBuilder layers, String features) {
    return layers
        .addLayer("dense", new Dense(64), features)
        .addLayer("output", new SoftmaxOutput(options.schema().classCount()), "dense")
        .setOutputs("output")
        .build();
  }
}
