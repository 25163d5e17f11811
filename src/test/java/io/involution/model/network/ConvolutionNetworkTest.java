package io.involution.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.involution.layers.SoftmaxCrossEntropy;
import java.io.File;
import java.nio.file.Path;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class ConvolutionNetworkTest {
  private static final NetworkOptions OPTIONS = new NetworkOptions(42, 1e-3);

  @Test
  void hasTheReferencesParametersAndShapes() {
    ComputationGraph network = network();
    assertThat(network.numParams()).isEqualTo(319_178);
    assertThat(network.getLayer("conv1").numParams()).isEqualTo(896);
    assertThat(network.getLayer("conv2").numParams()).isEqualTo(18_496);
    assertThat(network.getLayer("conv3").numParams()).isEqualTo(36_928);
    assertThat(network.getLayer("dense").numParams()).isEqualTo(262_208);
    assertThat(network.getLayer("output").numParams()).isEqualTo(650);
    var activations = network.feedForward(images(2, 1), false);
    assertThat(activations.get("conv1").shape()).containsExactly(2, 32, 16, 16);
    assertThat(activations.get("conv2").shape()).containsExactly(2, 64, 8, 8);
    assertThat(activations.get("conv3").shape()).containsExactly(2, 64, 8, 8);
    assertThat(activations.get("dense").shape()).containsExactly(2, 64);
    assertThat(activations.get("output").shape()).containsExactly(2, 10);
  }

  @Test
  void startsGlorotUniformWithZeroBiases() {
    ComputationGraph network = network();
    double[][] fans = {{27, 288}, {288, 576}, {576, 576}};
    for (int i = 0; i < 3; i++) {
      INDArray weights = network.getLayer("conv" + (i + 1)).getParam("W");
      double limit = Math.sqrt(6 / (fans[i][0] + fans[i][1]));
      assertThat(weights.amaxNumber().doubleValue()).isBetween(0.98 * limit, 1.00001 * limit);
      assertThat(weights.meanNumber().doubleValue()).isCloseTo(0, within(limit / 10));
      assertThat(weights.stdNumber().doubleValue())
          .isCloseTo(limit / Math.sqrt(3), within(limit / 20));
      assertThat(network.getLayer("conv" + (i + 1)).getParam("b").amaxNumber().doubleValue())
          .isZero();
    }
    assertThat(network().params()).isEqualTo(network.params());
    ComputationGraph other =
        new ComputationGraph(NetworkKind.CONVOLUTION.configuration(new NetworkOptions(43, 1e-3)));
    other.init();
    assertThat(other.params()).isNotEqualTo(network.params());
  }

  @Test
  void trainsAsDl4jsOwnLayersDo() {
    // A fixed seed: beside a tie in a pool the two may rightly choose different winners.
    long seed = 11;
    ComputationGraph ours = network();
    ComputationGraph stock = new ComputationGraph(stock());
    stock.init();
    stock.setParams(ours.params());
    INDArray images = images(6, seed);
    INDArray labels = labels(6);
    for (ComputationGraph network : new ComputationGraph[] {ours, stock}) {
      network.setInputs(images);
      network.setLabels(labels);
      network.computeGradientAndScore();
    }
    assertThat(ours.score()).as("seed %d", seed).isCloseTo(stock.score(), within(1e-5));
    stock
        .gradient()
        .gradientForVariable()
        .forEach(
            (name, expected) -> {
              String own =
                  name.replace("c1", "conv1").replace("c2", "conv2").replace("c3", "conv3");
              INDArray actual = ours.gradient().getGradientFor(own);
              double error = actual.sub(expected).norm2Number().doubleValue();
              assertThat(error / expected.norm2Number().doubleValue())
                  .as("gradient of %s seed %d", name, seed)
                  .isLessThan(1e-5);
            });
  }

  @Test
  void learnsAMinibatchAndCountsItsHits() {
    ComputationGraph network = network();
    INDArray images = images(12, 3);
    INDArray labels = labels(12);
    for (int i = 0; i < 50; i++) {
      network.fit(new INDArray[] {images}, new INDArray[] {labels});
    }
    SoftmaxCrossEntropy loss = SoftmaxCrossEntropy.of(network);
    assertThat(loss.lastCorrect()).isEqualTo(12);
    assertThat(loss.lastLossSum() / 12).isCloseTo(network.score(), within(1e-6)).isLessThan(0.1);
  }

  @Test
  void aSavedNetworkGivesTheSameBits(@TempDir Path folder) throws Exception {
    ComputationGraph network = network();
    INDArray images = images(3, 4);
    network.fit(new INDArray[] {images}, new INDArray[] {labels(3)});
    File file = folder.resolve("model.zip").toFile();
    ModelSerializer.writeModel(network, file, true);
    ComputationGraph restored = ModelSerializer.restoreComputationGraph(file, true);
    assertThat(restored.getConfiguration()).isEqualTo(network.getConfiguration());
    assertThat(restored.params()).isEqualTo(network.params());
    assertThat(restored.outputSingle(images).data().asFloat())
        .isEqualTo(network.outputSingle(images).data().asFloat());
    for (ComputationGraph each : new ComputationGraph[] {network, restored}) {
      each.fit(new INDArray[] {images}, new INDArray[] {labels(3)});
    }
    assertThat(restored.params().data().asFloat()).isEqualTo(network.params().data().asFloat());
  }

  @Test
  void inputsOfAnyOrderAndTypeGiveTheSameBits() {
    ComputationGraph plain = network();
    ComputationGraph other = network();
    INDArray images = images(3, 9);
    INDArray view = images.permute(0, 2, 3, 1).dup('c').permute(0, 3, 1, 2);
    assertThat(other.outputSingle(view).data().asFloat())
        .isEqualTo(plain.outputSingle(images).data().asFloat());
    plain.fit(new INDArray[] {images}, new INDArray[] {labels(3)});
    other.fit(new INDArray[] {view}, new INDArray[] {labels(3)});
    assertThat(other.params().data().asFloat()).isEqualTo(plain.params().data().asFloat());
    assertThat(other.outputSingle(images.castTo(DataType.DOUBLE)).data().asFloat())
        .isEqualTo(plain.outputSingle(images).data().asFloat());
  }

  @Test
  void wrongLearningRatesAreRefused() {
    for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new NetworkOptions(1, rate))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("learning rate");
    }
  }

  private static ComputationGraph network() {
    ComputationGraph network = new ComputationGraph(NetworkKind.CONVOLUTION.configuration(OPTIONS));
    network.init();
    return network;
  }

  private static INDArray images(int count, long seed) {
    Random random = new Random(seed);
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

  /** The same network of DL4J's own layers. */
  private static ComputationGraphConfiguration stock() {
    return new NeuralNetConfiguration.Builder()
        .weightInit(WeightInit.XAVIER_UNIFORM)
        .updater(new Adam(1e-3, 0.9, 0.999, 1e-7))
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(InputType.convolutional(32, 32, 3))
        .addLayer("c1", convolution(32), "input")
        .addLayer("p1", pool(), "c1")
        .addLayer("c2", convolution(64), "p1")
        .addLayer("p2", pool(), "c2")
        .addLayer("c3", convolution(64), "p2")
        .addLayer(
            "dense", new DenseLayer.Builder().nOut(64).activation(Activation.RELU).build(), "c3")
        .addLayer(
            "output",
            new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .nOut(10)
                .activation(Activation.SOFTMAX)
                .build(),
            "dense")
        .setOutputs("output")
        .build();
  }

  private static ConvolutionLayer convolution(int filters) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(filters)
        .convolutionMode(ConvolutionMode.Same)
        .activation(Activation.RELU)
        .build();
  }

  private static SubsamplingLayer pool() {
    return new SubsamplingLayer.Builder(new int[] {2, 2}, new int[] {2, 2}).build();
  }
}
