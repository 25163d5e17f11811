package io.involution.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.compute.NativeThreads;
import io.involution.config.InvolutionOptions;
import io.involution.layers.BatchStatistics;
import io.involution.layers.Involution;
import io.involution.layers.involution.GroupOrder;
import io.involution.model.state.GraphState;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class InvolutionNetworkTest {
  @BeforeAll
  static void oneNativeThread() {
    NativeThreads.useOne();
  }

  private static ComputationGraph network(long seed) {
    ComputationGraph network =
        new ComputationGraph(InvolutionNetwork.configuration(new NetworkOptions(seed, 1e-3)));
    network.init();
    return network;
  }

  private static INDArray images(Random random, int count) {
    float[] pixels = new float[count * 3 * 32 * 32];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(256) / 255f;
    }
    return Nd4j.createFromArray(pixels).reshape('c', count, 3, 32, 32);
  }

  private static INDArray labels(Random random, int count) {
    INDArray labels = Nd4j.zeros(DataType.FLOAT, count, 10);
    for (int i = 0; i < count; i++) {
      labels.putScalar(i, random.nextInt(10), 1f);
    }
    return labels;
  }

  private static void fit(ComputationGraph network, INDArray images, INDArray labels) {
    network.fit(new INDArray[] {images}, new INDArray[] {labels});
  }

  @ParameterizedTest
  @CsvSource({
    "3, 1, 2, 1, 13080",
    "5, 1, 2, 1, 13176",
    "3, 3, 2, 1, 13188",
    "3, 1, 1, 1, 13182",
    "3, 1, 2, 2, 984"
  })
  void hyperParametersDecideTheNumberOfParameters(
      int kernelSize, int groups, int reductionRatio, int stride, long parameters) {
    InvolutionOptions shape = new InvolutionOptions(kernelSize, groups, reductionRatio, stride);
    ComputationGraph graph =
        new ComputationGraph(InvolutionNetwork.configuration(new NetworkOptions(42, 1e-3, shape)));
    graph.init();

    assertThat(graph.numParams()).isEqualTo(parameters);
    GraphState.close(graph);
  }

  @Test
  void hasTheParametersOfTheReference() {
    ComputationGraph network = network(42);
    assertThat(network.numParams()).isEqualTo(13_080);
    assertThat(network.getLayer("involution1").numParams()).isEqualTo(26);
    assertThat(network.getLayer("dense").numParams()).isEqualTo(12_352);
    assertThat(network.getLayer("output").numParams()).isEqualTo(650);
    long statistics = 0;
    for (org.deeplearning4j.nn.api.Layer layer : network.getLayers()) {
      if (layer.conf().getLayer() instanceof BatchStatistics gathered) {
        for (String key : gathered.statisticKeys()) {
          statistics += layer.getParam(key).length();
        }
      }
    }
    assertThat(statistics).isEqualTo(6);
  }

  @Test
  void startsFromTheSeed() {
    INDArray start = network(42).params();
    assertSameBits(network(42).params(), start);
    assertThat(network(43).params()).isNotEqualTo(start);
    ComputationGraph network = network(42);
    double most = Math.sqrt(6.0 / 4);
    assertThat(network.getParam("involution1_reduceW").toFloatVector())
        .hasSize(3)
        .doesNotHaveDuplicates();
    assertThat(network.getParam("involution1_reduceW").amaxNumber().doubleValue())
        .isBetween(1e-3, most);
    assertThat(network.getParam("involution1_spanW").amaxNumber().doubleValue())
        .isBetween(1e-3, Math.sqrt(6.0 / 10));
    assertThat(network.getParam("involution1_spanB").amaxNumber().doubleValue()).isZero();
    assertThat(network.getParam("involution1_reduceB").getDouble(0)).isZero();
    assertThat(network.getParam("involution1_gamma").getDouble(0)).isEqualTo(1);
    assertThat(network.getParam("involution1_beta").getDouble(0)).isZero();
    assertThat(network.getParam("involution1_mean").getDouble(0)).isZero();
    assertThat(network.getParam("involution1_var").getDouble(0)).isEqualTo(1);
  }

  @Test
  void movesTheRunningStatisticsOnceAStep() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    ComputationGraph network = network(7);
    double mean = 0;
    double variance = 1;
    for (int step = 0; step < 4; step++) {
      INDArray images = images(random, 9);
      double[] batch = moments(network, images);
      mean = 0.99 * mean + 0.01 * batch[0];
      variance = 0.99 * variance + 0.01 * batch[1];
      fit(network, images, labels(random, 9));
    }
    String label = "seed " + seed;
    assertThat(network.getParam("involution1_mean").getDouble(0))
        .as(label)
        .isEqualTo(mean, within(1e-6));
    assertThat(network.getParam("involution1_var").getDouble(0))
        .as(label)
        .isEqualTo(variance, within(1e-6));
  }

  /** Mean and biased variance of the first layer's 1x1 convolution. */
  private static double[] moments(ComputationGraph network, INDArray images) {
    INDArray weights = network.getParam("involution1_reduceW");
    double bias = network.getParam("involution1_reduceB").getDouble(0);
    float[] pixels = images.ravel().toFloatVector();
    int plane = 32 * 32;
    double sum = 0;
    double squares = 0;
    int count = pixels.length / 3;
    for (int i = 0; i < count; i++) {
      double value = bias;
      for (int c = 0; c < 3; c++) {
        value += weights.getDouble(c) * pixels[(i / plane * 3 + c) * plane + i % plane];
      }
      sum += value;
      squares += value * value;
    }
    double mean = sum / count;
    return new double[] {mean, squares / count - mean * mean};
  }

  @Test
  void leavesTheStatisticsAloneInInference() {
    Random random = new Random(1);
    ComputationGraph network = network(1);
    INDArray images = images(random, 5);
    fit(network, images, labels(random, 5));
    INDArray before = network.params().dup();
    network.outputSingle(images);
    network.score(new org.nd4j.linalg.dataset.DataSet(images, labels(random, 5)));
    assertSameBits(network.params(), before);
  }

  @ParameterizedTest
  @EnumSource(GradientNormalization.class)
  void keepsTheUpdaterAwayFromTheStatistics(GradientNormalization normalization) {
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(3)
            .updater(new Adam(0.1))
            .l1(0.1)
            .l2(0.1)
            .l1Bias(0.1)
            .l2Bias(0.1)
            .gradientNormalization(normalization)
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(6, 5, 3))
            .addLayer("involution", new Involution.Builder().build(), "input")
            .addLayer(
                "output",
                new CnnLossLayer.Builder(LossFunctions.LossFunction.MSE)
                    .activation(Activation.IDENTITY)
                    .build(),
                "involution")
            .setOutputs("output")
            .build();
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    INDArray images = Nd4j.zeros(DataType.FLOAT, 2, 3, 6, 5);
    fit(network, images, Nd4j.rand(DataType.FLOAT, 2, 3, 6, 5));
    // Of black images the 1x1 convolution leaves its bias, 0 before the first step, everywhere.
    assertThat(network.getParam("involution_mean").toDoubleVector()).containsOnly(0);
    assertThat(network.getParam("involution_var").toFloatVector()).containsOnly(0.99f);
    assertThat(network.getUpdater().getStateViewArray().length())
        .isEqualTo(2 * (network.numParams() - 6));
    assertThat(Double.isFinite(network.params().sumNumber().doubleValue())).isTrue();
  }

  @Test
  void survivesSavingAndRestoring(@TempDir Path folder) throws IOException {
    Random random = new Random(2);
    ComputationGraph network = network(2);
    INDArray images = images(random, 6);
    for (int step = 0; step < 3; step++) {
      fit(network, images, labels(random, 6));
    }
    File file = folder.resolve("model.zip").toFile();
    ModelSerializer.writeModel(network, file, true);
    ComputationGraph restored = ModelSerializer.restoreComputationGraph(file, true);
    assertSameBits(restored.params(), network.params());
    assertSameBits(restored.outputSingle(images), network.outputSingle(images));
    INDArray labels = labels(random, 6);
    fit(network, images, labels);
    fit(restored, images, labels);
    assertSameBits(restored.params(), network.params());
  }

  /** INDArray's own equality allows small differences. */
  private static void assertSameBits(INDArray actual, INDArray expected) {
    assertThat(actual.ravel().toFloatVector()).isEqualTo(expected.ravel().toFloatVector());
  }

  @Test
  void writesEverySettingToJson() {
    Involution layer =
        new Involution.Builder()
            .name("all")
            .nIn(6)
            .channel(10)
            .groups(3)
            .kernelSize(5)
            .stride(2)
            .reductionRatio(4)
            .groupOrder(GroupOrder.CONTIGUOUS)
            .relu(true)
            .pool(true)
            .inputGradient(false)
            .build();
    NeuralNetConfiguration written = new NeuralNetConfiguration.Builder().layer(layer).build();
    NeuralNetConfiguration read = NeuralNetConfiguration.fromJson(written.toJson());
    assertThat(read.getLayer()).isEqualTo(written.getLayer()).hasToString(layer.toString());
    assertThat(((Involution) read.getLayer()).getChannel()).isEqualTo(10);
    assertThat(((Involution) read.getLayer()).isInputGradient()).isFalse();
  }
}
