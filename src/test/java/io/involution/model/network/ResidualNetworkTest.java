package io.involution.model.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.compute.NativeThreads;
import io.involution.config.InvolutionOptions;
import io.involution.config.training.OptimizerChoice;
import io.involution.config.training.OptimizerOptions;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.model.LearningRate;
import io.involution.model.state.GraphState;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ResidualNetworkTest {
  private static final ImageShape IMAGE = new ImageShape(3, 12, 12);
  private static final int IMAGES = 8;
  private static final int STEPS = 8;

  /** As deep as the whole network, and narrow: its running statistics have seen eight steps. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isEvaluatedAsItIsTrainedAfterFewSteps(boolean involution) {
    NativeThreads.useOne();
    NetworkOptions options =
        new NetworkOptions(
            3,
            new LocalRule(
                OptimizerOptions.of(OptimizerChoice.NESTEROVS, 0), LearningRate.constant(0.05)),
            InvolutionOptions.REFERENCE,
            new DataSchema(IMAGE, List.of("a", "b", "c")));
    ComputationGraphConfiguration configuration =
        ResidualNetwork.configuration(
            options, new ResidualNetwork.Design(4, List.of(1, 2, 4, 1)), involution);
    options.rule().complete(configuration);
    NetworkBlueprint network = NetworkBlueprint.of("residual", configuration);
    ComputationGraph graph = network.build();
    try {
      for (int step = 0; step < STEPS; step++) {
        graph.fit(new INDArray[] {images(step)}, new INDArray[] {labels()});
      }
      double evaluated = size(graph.feedForward(images(STEPS), false));
      double trained = size(graph.feedForward(images(STEPS), true));
      assertThat(evaluated).isBetween(trained / 4, trained * 4);
    } finally {
      GraphState.close(graph);
    }
  }

  /** Root mean square of what the last block puts out. */
  private static double size(Map<String, INDArray> activations) {
    INDArray last = activations.get("block4-1");
    return last.norm2Number().doubleValue() / Math.sqrt((double) last.length());
  }

  private static INDArray images(int seed) {
    double[] pixels = new Random(seed).doubles((long) IMAGES * IMAGE.pixels()).toArray();
    return Nd4j.createFromArray(pixels)
        .castTo(DataType.FLOAT)
        .reshape('c', IMAGES, 3, IMAGE.height(), IMAGE.width());
  }

  private static INDArray labels() {
    INDArray labels = Nd4j.zeros(DataType.FLOAT, IMAGES, 3);
    for (int image = 0; image < IMAGES; image++) {
      labels.putScalar(image, image % 3, 1);
    }
    return labels;
  }
}
