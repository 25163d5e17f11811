package io.involution.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.involution.model.state.GraphState;
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

    float[] weights = graph.getLayer("block").getParam("W").dup('c').data().asFloat();
    int taps = 3 * size * size;
    double bound = 1 / Math.sqrt(taps);
    for (int filter = 0; filter < filters; filter++) {
      for (int image = 0; image < 2 && filter < 3; image++) {
        for (int at = 0; at < 20; at++) {
          long[] place = {image, filter, at / 4, at % 4};
          assertThat(output.getFloat(place)).isEqualTo(images.getFloat(place));
        }
      }
      for (int i = filter * taps; i < (filter + 1) * taps && filter >= 3; i++) {
        assertThat(Math.abs(weights[i])).isBetween((float) (1e-5 * bound), (float) bound);
      }
    }
    assertThat(ComputationGraphConfiguration.fromJson(network(filters, size).toJson()))
        .isEqualTo(network(filters, size));
    GraphState.close(graph);
  }

  @Test
  void isForFiltersOnly() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new IdentityStart().init(1, 1, new long[] {2, 2}, 'c', Nd4j.create(1, 4)));
  }
}
