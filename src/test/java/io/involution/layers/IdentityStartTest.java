package io.involution.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class IdentityStartTest {
  private static ComputationGraphConfiguration network(int filters, int size) {
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .dataType(DataType.FLOAT)
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(InputType.convolutional(5, 4, 3))
        .addLayer(
            "block",
            new ConvolutionBlock.Builder()
                .nOut(filters)
                .kernelSize(size)
                .activation(Activation.IDENTITY)
                .weightInit(new IdentityStart())
                .build(),
            "input")
        .addLayer("output", new SoftmaxOutput(2), "block")
        .setOutputs("output")
        .build();
  }

  @ParameterizedTest
  @CsvSource({"7, 3", "7, 1", "2, 3", "3, 5"})
  void theFirstFiltersHandOnWhatTheyAreGiven(int filters, int size) {
    ComputationGraph graph = new ComputationGraph(network(filters, size));
    graph.init();
    INDArray images = Nd4j.rand(DataType.FLOAT, 2, 3, 5, 4);

    INDArray output = graph.feedForward(images, false).get("block");

    for (int filter = 0; filter < filters; filter++) {
      INDArray weights = graph.getLayer("block").getParam("W").slice(filter);
      if (filter < 3) {
        for (int image = 0; image < 2; image++) {
          assertThat(output.slice(image).slice(filter).distance2(images.slice(image).slice(filter)))
              .isLessThan(1e-6);
        }
      } else {
        double bound = 1 / Math.sqrt(3.0 * size * size);
        assertThat(weights.amaxNumber().doubleValue()).isBetween(0.1 * bound, bound);
      }
    }
    assertThat(ComputationGraphConfiguration.fromJson(network(filters, size).toJson()))
        .isEqualTo(network(filters, size));
    graph.close();
  }

  @Test
  void isForFiltersOnly() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new IdentityStart().init(1, 1, new long[] {2, 2}, 'c', Nd4j.create(1, 4)));
  }
}
