package io.involution.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * {@link Dense} and {@link SoftmaxOutput} against DL4J's layers: to the bit, but for products that
 * are divided into blocks, which some of OpenBLAS's kernels round differently.
 */
class DenseTest {
  private static final int STEPS = 4;

  @AfterEach
  void useOneThread() {
    ImageChunks.useThreads(1);
  }

  @ParameterizedTest
  @CsvSource({
    "256, 3, 8, 1, FLOAT",
    "256, 3, 8, 2, FLOAT",
    "125, 3, 8, 1, FLOAT",
    "50, 64, 8, 2, FLOAT",
    "7, 64, 8, 2, FLOAT",
    "1, 3, 8, 1, FLOAT",
    "9, 3, 8, 2, DOUBLE"
  })
  void trainsAsDl4jsLayersDo(int examples, int channels, int side, int threads, DataType type) {
    ImageChunks.useThreads(threads);
    NativeThreads.useOne();
    ComputationGraph ours = graph(new Dense(64), new SoftmaxOutput(10), channels, side, type);
    ComputationGraph theirs = graph(dl4jDense(), dl4jOutput(), channels, side, type);
    theirs.setParams(ours.params());
    INDArray images = Nd4j.randn(type, examples, channels, side, side);
    INDArray labels = labels(type, examples);
    for (int step = 0; step < STEPS; step++) {
      ours.fit(new INDArray[] {images}, new INDArray[] {labels});
      theirs.fit(new INDArray[] {images}, new INDArray[] {labels});
      assertThat(ours.score()).isEqualTo(theirs.score());
      assertThat(ours.params().toDoubleVector()).isEqualTo(theirs.params().toDoubleVector());
    }
    assertThat(ours.outputSingle(images).toDoubleMatrix())
        .isEqualTo(theirs.outputSingle(images).toDoubleMatrix());
    ours.close();
    theirs.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {130, 200})
  void dividedProductsAreTheSameOnAnyNumberOfThreadsAndNearDl4js(int examples) {
    NativeThreads.useOne();
    ComputationGraph theirs = graph(dl4jDense(), dl4jOutput(), 64, 8, DataType.FLOAT);
    INDArray images = Nd4j.randn(DataType.FLOAT, examples, 64, 8, 8);
    INDArray labels = labels(DataType.FLOAT, examples);
    INDArray start = theirs.params().dup();
    theirs.fit(new INDArray[] {images}, new INDArray[] {labels});
    INDArray expected = theirs.outputSingle(images);
    float[][] first = null;
    for (int threads : new int[] {1, 2, 3}) {
      ImageChunks.useThreads(threads);
      ComputationGraph ours = graph(new Dense(64), new SoftmaxOutput(10), 64, 8, DataType.FLOAT);
      ours.setParams(start);
      ours.fit(new INDArray[] {images}, new INDArray[] {labels});
      assertThat(ours.score()).isCloseTo(theirs.score(), withinPercentage(1e-4));
      INDArray output = ours.outputSingle(images);
      assertThat(output.distance2(expected))
          .isLessThan(1e-4 * expected.norm2Number().doubleValue());
      first = first == null ? output.toFloatMatrix() : first;
      assertThat(output.toFloatMatrix()).isDeepEqualTo(first);
      ours.close();
    }
    theirs.close();
  }

  private static INDArray labels(DataType type, int examples) {
    INDArray labels = Nd4j.zeros(type, examples, 10);
    for (int example = 0; example < examples; example++) {
      labels.putScalar(example, example % 10, 1);
    }
    return labels;
  }

  @Test
  void configurationSurvivesJson() {
    ComputationGraphConfiguration configuration =
        configuration(new Dense(64), new SoftmaxOutput(10), 3, 8, DataType.FLOAT);

    ComputationGraphConfiguration read =
        ComputationGraphConfiguration.fromJson(configuration.toJson());

    assertThat(read).isEqualTo(configuration);
    assertThat(read.toJson()).contains(Dense.class.getName(), SoftmaxOutput.class.getName());
  }

  @Test
  void anotherActivationIsRefused() {
    Dense tanh = new Dense(64);
    tanh.setActivationFn(new ActivationTanH());

    assertThatThrownBy(() -> graph(tanh, new SoftmaxOutput(10), 3, 8, DataType.FLOAT))
        .isInstanceOf(DL4JInvalidConfigException.class)
        .hasMessageContaining("layer dense takes no activation but RELU");
  }

  private static Layer dl4jDense() {
    return new DenseLayer.Builder().nOut(64).activation(Activation.RELU).build();
  }

  private static Layer dl4jOutput() {
    return new OutputLayer.Builder(new SoftmaxCrossEntropy())
        .nOut(10)
        .activation(Activation.SOFTMAX)
        .build();
  }

  private static ComputationGraph graph(
      Layer dense, Layer output, int channels, int side, DataType type) {
    ComputationGraph graph =
        new ComputationGraph(configuration(dense, output, channels, side, type));
    graph.init();
    return graph;
  }

  /** A layer with parameters comes first, so that the input's gradient is seen too. */
  private static ComputationGraphConfiguration configuration(
      Layer dense, Layer output, int channels, int side, DataType type) {
    return new NeuralNetConfiguration.Builder()
        .seed(5)
        .dataType(type)
        .weightInit(WeightInit.XAVIER_UNIFORM)
        .updater(new Adam(0.01))
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(InputType.convolutional(side, side, channels))
        .addLayer("first", new Involution.Builder().relu(true).build(), "input")
        .addLayer("dense", dense, "first")
        .addLayer("output", output, "dense")
        .setOutputs("output")
        .build();
  }
}
