package io.involution.model.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The updates are those of DL4J's own updater, to the bit. */
class WholeGradientUpdaterTest {
  @Test
  void updatesAsDl4jsUpdaterDoes() {
    NetworkBlueprint blueprint =
        NetworkBlueprint.of(
            "involution", InvolutionNetwork.configuration(new NetworkOptions(4, 0.01)));
    ComputationGraph ours = blueprint.build();
    ComputationGraph theirs = blueprint.build();
    try {
      theirs.setUpdater(new ComputationGraphUpdater(theirs));
      assertThat(ours.getUpdater()).isInstanceOf(WholeGradientUpdater.class);
      for (int step = 0; step < 3; step++) {
        INDArray[] images = {Nd4j.rand(DataType.FLOAT, 6, 3, 32, 32)};
        INDArray[] labels = {Nd4j.eye(10).castTo(DataType.FLOAT).get(rows(step))};
        ours.fit(images, labels);
        theirs.fit(images, labels);
      }
      ModelState state = GraphState.capture(ours);
      ModelState expected = GraphState.capture(theirs);
      assertThat(state.parameters()).isEqualTo(expected.parameters());
      assertThat(state.updater()).isEqualTo(expected.updater());
      assertThat(state.updater()).isNotEqualTo(new float[state.updater().length]);
    } finally {
      GraphState.close(ours);
      GraphState.close(theirs);
    }
  }

  private static INDArrayIndex rows(int first) {
    return NDArrayIndex.interval(first, first + 6);
  }
}
