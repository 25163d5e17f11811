package io.involution.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.ShardFixture;
import io.involution.evaluate.artifact.Prediction;
import io.involution.model.Normalization;
import io.involution.model.UserNetworks;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.GraphState;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;

class ArtifactsTest {
  @Test
  void keepsTheKernelsThatAreDrawn() {
    NetworkKind kind = NetworkKind.INVOLUTION;
    ComputationGraph graph =
        NetworkBlueprint.of(kind.label(), kind.configuration(new NetworkOptions(1, 0.001))).build();
    try {
      List<Prediction> predictions =
          Artifacts.predictions(
              graph, Normalization.NONE, ShardFixture.random(3, 1), List.of(0, 1, 2), 1);

      assertThat(predictions)
          .extracting(prediction -> prediction.layers().size())
          .containsExactly(3, 0, 0);
    } finally {
      GraphState.close(graph);
    }
  }

  @Test
  void anInvolutionIsGivenWhatItsInputIsReshapedTo() {
    ComputationGraph graph = NetworkBlueprint.of("users", UserNetworks.reshaped()).build();
    try {
      List<Prediction> predictions =
          Artifacts.predictions(
              graph, Normalization.NONE, ShardFixture.random(1, 1), List.of(0), 1);

      assertThat(predictions.get(0).layers())
          .singleElement()
          .satisfies(
              kernels -> {
                assertThat(kernels.layer()).isEqualTo("involution");
                assertThat(kernels.height()).isEqualTo(4);
                assertThat(kernels.width()).isEqualTo(5);
              });
    } finally {
      GraphState.close(graph);
    }
  }
}
