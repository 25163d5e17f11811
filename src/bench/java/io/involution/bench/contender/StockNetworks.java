package io.involution.bench.contender;

import io.involution.bench.BenchNetwork;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The two networks in DL4J's own layers; the involution's product of patches is a vertex. */
final class StockNetworks {
  private StockNetworks() {}

  static ComputationGraphConfiguration configuration(BenchNetwork network) {
    ComputationGraphConfiguration.GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .seed(42)
            .dataType(DataType.FLOAT)
            .weightInit(WeightInit.XAVIER_UNIFORM)
            .updater(new Adam(1e-3, 0.9, 0.999, 1e-7))
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(32, 32, 3));
    String features =
        network == BenchNetwork.CONVOLUTION ? convolutions(builder) : involutions(builder);
    return builder
        .addLayer(
            "dense",
            new DenseLayer.Builder().nOut(64).activation(Activation.RELU).build(),
            features)
        .addLayer(
            "output",
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(10)
                .activation(Activation.SOFTMAX)
                .build(),
            "dense")
        .setOutputs("output")
        .build();
  }

  private static String convolutions(ComputationGraphConfiguration.GraphBuilder builder) {
    builder
        .addLayer("conv1", convolution(3, 32, Activation.RELU), "input")
        .addLayer("pool1", pool(), "conv1")
        .addLayer("conv2", convolution(3, 64, Activation.RELU), "pool1")
        .addLayer("pool2", pool(), "conv2")
        .addLayer("conv3", convolution(3, 64, Activation.RELU), "pool2");
    return "conv3";
  }

  private static String involutions(ComputationGraphConfiguration.GraphBuilder builder) {
    String input = "input";
    for (int layer = 1; layer <= 3; layer++) {
      builder
          .addLayer("reduce" + layer, convolution(1, 1, Activation.IDENTITY), input)
          .addLayer(
              "norm" + layer,
              new BatchNormalization.Builder().decay(0.99).eps(1e-3).build(),
              "reduce" + layer)
          // DL4J's batch normalization ignores its activation.
          .addLayer("relu" + layer, new ActivationLayer(Activation.RELU), "norm" + layer)
          .addLayer("span" + layer, convolution(1, 9, Activation.IDENTITY), "relu" + layer)
          .addVertex("product" + layer, new PatchProductVertex(), input, "span" + layer)
          .addLayer("out" + layer, new ActivationLayer(Activation.RELU), "product" + layer);
      input = "out" + layer;
      if (layer < 3) {
        builder.addLayer("pool" + layer, pool(), input);
        input = "pool" + layer;
      }
    }
    return input;
  }

  private static ConvolutionLayer convolution(int size, int filters, Activation activation) {
    return new ConvolutionLayer.Builder(size, size)
        .nOut(filters)
        .convolutionMode(ConvolutionMode.Same)
        .activation(activation)
        .build();
  }

  private static SubsamplingLayer pool() {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
        .kernelSize(2, 2)
        .stride(2, 2)
        .build();
  }
}
