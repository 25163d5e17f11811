package io.involution.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.layers.Involution;
import io.involution.layers.InvolutionLayer;
import io.involution.layers.SoftmaxOutput;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class GeneratedKernelsTest {
  /** Weights of an image's kernels of 9x9 taps and 3 groups. */
  private static final int WEIGHTS = 81 * 3 * 32 * 32;

  @Test
  void theKernelsOfAFewImagesExistAtATime() {
    assertThat(GeneratedKernels.atOnce(WEIGHTS)).isEqualTo(67);
    assertThat(GeneratedKernels.atOnce(1L << 40)).isEqualTo(1);
  }

  @Test
  void imagesInPartsHaveTheKernelsThatEachHasAlone() {
    ComputationGraph graph = network().build();
    INDArray images = Nd4j.rand(DataType.FLOAT, 70, 3, 32, 32);
    try {
      List<float[]> together = kernels(graph, images);

      assertThat(together).hasSize(70);
      for (int image : new int[] {0, 66, 67, 69}) {
        INDArray alone = images.get(NDArrayIndex.interval(image, image + 1)).dup('c');
        assertThat(together.get(image)).hasSize(WEIGHTS).isEqualTo(kernels(graph, alone).get(0));
      }
    } finally {
      GraphState.close(graph);
    }
  }

  private static List<float[]> kernels(ComputationGraph graph, INDArray images) {
    return new GeneratedKernels(graph, images)
        .of((InvolutionLayer) graph.getLayer("involution"), (shape, weights) -> weights);
  }

  private static NetworkBlueprint network() {
    return NetworkBlueprint.of(
        "users",
        new NeuralNetConfiguration.Builder()
            .seed(7)
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(32, 32, 3))
            .addLayer(
                "involution", new Involution.Builder().kernelSize(9).groups(3).build(), "input")
            .addLayer("output", new SoftmaxOutput(10), "involution")
            .setOutputs("output")
            .build());
  }
}
