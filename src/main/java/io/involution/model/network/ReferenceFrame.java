package io.involution.model.network;

import io.involution.data.ImageShape;
import io.involution.layers.Dense;
import io.involution.layers.SoftmaxOutput;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What all networks begin with, and what the networks of three layers end with: everything of these
 * but the layers in the middle.
 */
final class ReferenceFrame {
  /** Name of the input, {@code [images, channels, height, width]}. */
  static final String INPUT = "input";

  private ReferenceFrame() {}

  /** Glorot-uniform weights, zero biases, the updater, float32, and the input. */
  static GraphBuilder begin(NetworkOptions options) {
    return new NeuralNetConfiguration.Builder()
        .seed(options.seed())
        .dataType(DataType.FLOAT)
        .cacheMode(CacheMode.NONE)
        .weightInit(WeightInit.XAVIER_UNIFORM)
        .updater(options.rule().plain())
        .graphBuilder()
        .addInputs(INPUT)
        .setInputTypes(input(options.schema().image()));
  }

  /** The input of networks for images of a shape. */
  static InputType input(ImageShape image) {
    return InputType.convolutional(image.height(), image.width(), image.channels());
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
