package io.involution.model;

import io.involution.layers.BatchNormBlock;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Gelu;
import io.involution.layers.GlobalPool;
import io.involution.layers.Involution;
import io.involution.layers.ShortcutVertex;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** Networks as users of plain DL4J write them. */
public final class UserNetworks {
  private UserNetworks() {}

  /** LeNet of stock layers, with Nesterov momentum and a step size that halves every two epochs. */
  public static ComputationGraphConfiguration leNet() {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .l2(0.0005)
        .updater(new Nesterovs(new StepSchedule(ScheduleType.EPOCH, 0.02, 0.5, 2), 0.9))
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(InputType.convolutional(32, 32, 3))
        .addLayer("conv1", convolution(6), "input")
        .addLayer("pool1", new SubsamplingLayer.Builder().build(), "conv1")
        .addLayer("conv2", convolution(8), "pool1")
        .addLayer("pool2", new SubsamplingLayer.Builder().build(), "conv2")
        .addLayer(
            "dense", new DenseLayer.Builder().nOut(20).activation(Activation.RELU).build(), "pool2")
        .addLayer("output", output(), "dense")
        .setOutputs("output")
        .build();
  }

  /** Layers one after the other, for a MultiLayerNetwork; images are flat vectors at first. */
  public static MultiLayerConfiguration stack() {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .l2(0.0005)
        .updater(new Nesterovs(new StepSchedule(ScheduleType.EPOCH, 0.02, 0.5, 2), 0.9))
        .gradientNormalization(GradientNormalization.ClipL2PerLayer)
        .list()
        .layer(convolution(4))
        .layer(new BatchNormalization())
        .layer(new SubsamplingLayer.Builder().build())
        .layer(new DenseLayer.Builder().nOut(8).activation(Activation.TANH).build())
        .layer(output())
        .setInputType(InputType.convolutionalFlat(32, 32, 3))
        .build();
  }

  /**
   * Stock layers and ours side by side, with batch normalization of both kinds.
   *
   * @param dropout share of the dense layer's inputs that is kept; 1 for all
   */
  public static ComputationGraphConfiguration mixed(IUpdater updater, double dropout) {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .updater(updater)
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(InputType.convolutional(32, 32, 3))
        .addLayer("conv", convolution(8), "input")
        .addLayer("norm", new BatchNormalization(), "conv")
        .addLayer("pool", new SubsamplingLayer.Builder().build(), "norm")
        .addLayer(
            "involution", new Involution.Builder().kernelSize(3).reductionRatio(2).build(), "pool")
        .addVertex("both", new MergeVertex(), "pool", "involution")
        .addLayer("dense", new DenseLayer.Builder().nOut(16).dropOut(dropout).build(), "both")
        .addLayer("output", output(), "dense")
        .setOutputs("output")
        .build();
  }

  /**
   * Norms with shortcuts, GELU, an involution with adjacent groups, a global pool, and a
   * convolution whose filters do not learn, all ours; a beta has a step size of its own.
   */
  public static ComputationGraphConfiguration normed() {
    return normed(4, output());
  }

  /** The same with so many channels and an output layer for ten classes. */
  public static ComputationGraphConfiguration normed(int channels, BaseOutputLayer output) {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(7)
            .updater(new Nesterovs(new StepSchedule(ScheduleType.EPOCH, 0.02, 0.5, 2), 0.9))
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(32, 32, 3))
            .addLayer(
                "conv",
                new ConvolutionBlock.Builder()
                    .nOut(channels)
                    .stride(3)
                    .trained(false)
                    .inputGradient(false)
                    .build(),
                "input")
            .addLayer("gelu", new Gelu(), "conv")
            .addLayer("mix", new ConvolutionBlock.Builder().nOut(channels).build(), "gelu");
    BatchNormBlock before = new BatchNormBlock.Builder().activation(Activation.RELU).build();
    BatchNormBlock after =
        new BatchNormBlock.Builder().scale(false).betaRate(8).activation(Activation.GELU).build();
    ShortcutVertex.addBeforeActivation(graph, "before", before, "mix", "gelu");
    graph.addLayer(
        "involution",
        new Involution.Builder().kernelSize(3).groups(2).contiguous().reductionRatio(2).build(),
        "before");
    ShortcutVertex.addAfterActivation(graph, "after", after, "involution", "before");
    return graph
        .addLayer("pool", new GlobalPool(GlobalPool.Kind.AVERAGE), "after")
        .addLayer("norm", new BatchNormBlock.Builder().build(), "pool")
        .addLayer("output", output, "norm")
        .setOutputs("output")
        .build();
  }

  /** A dense layer whose numbers an involution takes as images of 4x5 pixels and 3 channels. */
  public static ComputationGraphConfiguration reshaped() {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .updater(new Nesterovs(0.02, 0.9))
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(InputType.convolutional(32, 32, 3))
        .addLayer(
            "dense", new DenseLayer.Builder().nOut(60).activation(Activation.RELU).build(), "input")
        .addLayer(
            "involution",
            new Involution.Builder().kernelSize(3).build(),
            new FeedForwardToCnnPreProcessor(4, 5, 3),
            "dense")
        .addLayer("output", output(), "involution")
        .setOutputs("output")
        .build();
  }

  private static ConvolutionLayer convolution(int filters) {
    return new ConvolutionLayer.Builder(5, 5).nOut(filters).activation(Activation.RELU).build();
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nOut(10)
        .activation(Activation.SOFTMAX)
        .build();
  }
}
