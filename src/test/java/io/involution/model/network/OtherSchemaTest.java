package io.involution.model.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.InvolutionOptions;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.model.LearningRate;
import io.involution.model.state.GraphState;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The built-in networks take images of any shape and have any number of classes. */
class OtherSchemaTest {
  @ParameterizedTest
  @CsvSource({
    "CONVOLUTION, 1, 28, 28, 7",
    "CONVOLUTION, 4, 33, 47, 3",
    "INVOLUTION, 1, 28, 28, 7",
    "INVOLUTION, 2, 17, 9, 2",
    "INVOLUTION, 4, 33, 47, 100",
    "WIDE_INVOLUTION, 1, 30, 18, 5",
    "WIDE_INVOLUTION, 3, 21, 21, 5",
    "DEEP_CONVOLUTION, 1, 9, 12, 2",
    "DEEP_INVOLUTION, 4, 10, 9, 12",
    "RESNET, 1, 9, 8, 2",
    "REDNET, 2, 8, 13, 3"
  })
  void trains(NetworkKind kind, int channels, int height, int width, int classes) {
    List<String> names = IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
    DataSchema schema = new DataSchema(new ImageShape(channels, height, width), names);
    NetworkOptions options =
        new NetworkOptions(
            1, LocalRule.adam(LearningRate.constant(0.01), 0), InvolutionOptions.REFERENCE, schema);
    ComputationGraph graph = NetworkBlueprint.of(kind.label(), kind.configuration(options)).build();
    INDArray images = Nd4j.rand(DataType.FLOAT, 4, channels, height, width);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, 4, classes);
    for (int i = 0; i < 4; i++) {
      labels.putScalar(i, i % classes, 1);
    }
    DataSet examples = new DataSet(images, labels);
    double before = graph.score(examples, true);
    for (int step = 0; step < 10; step++) {
      graph.fit(examples);
    }

    assertThat(graph.outputSingle(images).shape()).containsExactly(4, classes);
    assertThat(graph.score(examples, true)).isLessThan(before);
    GraphState.close(graph);
  }
}
