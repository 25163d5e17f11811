package io.involution.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import io.involution.layers.Involution;
import io.involution.layers.InvolutionLayer;
import io.involution.model.state.GraphState;
import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import io.involution.model.summary.NetworkSummary;
import io.involution.model.summary.NetworkSummary.LayerRow;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class WideInvolutionNetworkTest {
  private static final double STEP = 1e-6;

  @BeforeAll
  static void oneNativeThread() {
    NativeThreads.useOne();
  }

  @AfterEach
  void backToOneThread() {
    ImageChunks.useThreads(1);
  }

  private static ComputationGraphConfiguration configuration(long seed) {
    return NetworkKind.WIDE_INVOLUTION.configuration(new NetworkOptions(seed, 1e-3));
  }

  private static ComputationGraph network(long seed) {
    ComputationGraph network = new ComputationGraph(configuration(seed));
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

  private static INDArray labels(int count) {
    INDArray labels = Nd4j.zeros(DataType.FLOAT, count, 10);
    for (int i = 0; i < count; i++) {
      labels.putScalar(i, i % 10, 1);
    }
    return labels;
  }

  /** By hand: a layer's weights and biases, and an involution's gamma, beta, mean and variance. */
  @Test
  void hasTheLayersOfItsTable() {
    ComputationGraph graph = NetworkBlueprint.of("wide", configuration(42)).build();

    int involution1 = 32 * 8 + 8 + 4 * 8 + 8 * 200 + 200;
    int involution2 = 64 * 16 + 16 + 4 * 16 + 16 * 200 + 200;
    int involution3 = 128 * 32 + 32 + 4 * 32 + 32 * 200 + 200;
    // A position: C x R to reduce, R to normalize, R x 25 x 8 to span, 25 x C to multiply.
    long flops1 = 2L * 32 * 32 * (32 * 8 + 8 + 8 * 200 + 25 * 32);
    long flops2 = 2L * 16 * 16 * (64 * 16 + 16 + 16 * 200 + 25 * 64);
    long flops3 = 2L * 8 * 8 * (128 * 32 + 32 + 32 * 200 + 25 * 128);
    int trainable = 159_802 - 2 * (8 + 16 + 32);
    assertThat(NetworkSummary.of(graph, InputType.convolutional(32, 32, 3)))
        .isEqualTo(
            new NetworkSummary(
                List.of(
                    pointwise(1, "32 x 32 x 32", 3 * 32 + 32, 2 * 1024 * 3 * 32),
                    involution(1, "32 x 16 x 16", involution1, flops1),
                    pointwise(2, "64 x 16 x 16", 32 * 64 + 64, 2 * 256 * 32 * 64),
                    involution(2, "64 x 8 x 8", involution2, flops2),
                    pointwise(3, "128 x 8 x 8", 64 * 128 + 128, 2 * 64 * 64 * 128),
                    involution(3, "128 x 4 x 4", involution3, flops3),
                    new LayerRow("dense", "Dense", "64", 2048 * 64 + 64, 2 * 2048 * 64),
                    new LayerRow("output", "SoftmaxOutput", "10", 650, 1_280)),
                trainable,
                112,
                2 * trainable));
    GraphState.close(graph);
  }

  private static LayerRow pointwise(int number, String shape, int parameters, long flops) {
    return new LayerRow("pointwise" + number, "ConvolutionBlock", shape, parameters, flops);
  }

  private static LayerRow involution(int number, String shape, int parameters, long flops) {
    return new LayerRow("involution" + number, "Involution", shape, parameters, flops);
  }

  @Test
  void seesBeyondAPixelByInvolutionsOnly() {
    ComputationGraph graph = network(1);

    assertThat(graph.getLayers())
        .filteredOn(InvolutionLayer.class::isInstance)
        .hasSize(3)
        .allSatisfy(
            layer -> {
              Involution involution = (Involution) layer.conf().getLayer();
              assertThat(involution.getKernelSize()).isEqualTo(5);
              assertThat(involution.getGroups()).isEqualTo(8);
              assertThat(involution.getReductionRatio()).isEqualTo(4);
            });
    assertThat(((InvolutionLayer) graph.getLayer("involution1")).kernel(Nd4j.zeros(2, 32, 32, 32)))
        .satisfies(kernel -> assertThat(kernel.shape()).containsExactly(2, 25, 8, 32, 32));
  }

  /** The same network in float64 against central finite differences, some parameters a block. */
  @Test
  void gradientsAgreeWithFiniteDifferences() {
    String json = configuration(3).toJson().replace("\"FLOAT\"", "\"DOUBLE\"");
    ComputationGraph network = new ComputationGraph(ComputationGraphConfiguration.fromJson(json));
    network.init();
    assertThat(network.params().dataType()).isEqualTo(DataType.DOUBLE);
    Random random = new Random(8);
    int count = 3;
    network.setInputs(images(random, count).castTo(DataType.DOUBLE));
    network.setLabels(labels(count).castTo(DataType.DOUBLE));
    network.computeGradientAndScore();
    double[] gradient = network.gradient().gradient().toDoubleVector();
    for (ParameterBlock block : ParameterLayout.of(network).blocks()) {
      for (int sample = 0; sample < 2; sample++) {
        int index = block.offset() + random.nextInt(block.length());
        double slope = slope(network, index);
        boolean statistic = block.name().equals("mean") || block.name().equals("var");
        assertThat(gradient[index] / count)
            .as("%s %d", block, index)
            .isEqualTo(statistic ? 0 : slope, within(1e-4 * Math.abs(slope) + 1e-7));
      }
    }
    GraphState.close(network);
  }

  private static double slope(ComputationGraph network, int index) {
    INDArray parameters = network.params();
    double value = parameters.getDouble(index);
    parameters.putScalar(index, value + STEP);
    network.computeGradientAndScore();
    double above = network.score();
    parameters.putScalar(index, value - STEP);
    network.computeGradientAndScore();
    double below = network.score();
    parameters.putScalar(index, value);
    return (above - below) / (2 * STEP);
  }

  @Test
  void givesTheSameBitsWhateverTheThreads() {
    float[] expected = null;
    for (int threads : new int[] {1, 2, 5}) {
      ImageChunks.useThreads(threads);
      ComputationGraph network = network(4);
      Random random = new Random(6);
      for (int step = 0; step < 2; step++) {
        // Another size in the second step, and one that no number of threads divides.
        INDArray images = images(random, 19 - 2 * step);
        network.fit(new INDArray[] {images}, new INDArray[] {labels(19 - 2 * step)});
      }
      float[] bits = network.params().toFloatVector();
      expected = expected == null ? bits : expected;
      assertThat(bits).isEqualTo(expected);
      GraphState.close(network);
    }
  }

  @Test
  void learnsAMinibatch() {
    ComputationGraph network = network(5);
    INDArray images = images(new Random(2), 10);
    INDArray labels = labels(10);
    for (int step = 0; step < 50; step++) {
      network.fit(new INDArray[] {images}, new INDArray[] {labels});
    }
    assertThat(network.score()).isLessThan(0.1);
    GraphState.close(network);
  }

  @Test
  void survivesSavingAndRestoring(@TempDir Path folder) throws IOException {
    ComputationGraph network = network(2);
    INDArray images = images(new Random(2), 6);
    network.fit(new INDArray[] {images}, new INDArray[] {labels(6)});
    File file = folder.resolve("model.zip").toFile();
    ModelSerializer.writeModel(network, file, true);
    ComputationGraph restored = ModelSerializer.restoreComputationGraph(file, true);
    assertThat(restored.getConfiguration()).isEqualTo(network.getConfiguration());
    assertThat(restored.outputSingle(images).ravel().toFloatVector())
        .isEqualTo(network.outputSingle(images).ravel().toFloatVector());
    for (ComputationGraph each : List.of(network, restored)) {
      each.fit(new INDArray[] {images}, new INDArray[] {labels(6)});
    }
    assertThat(restored.params().toFloatVector()).isEqualTo(network.params().toFloatVector());
  }
}
