package io.involution.spark.classify;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.model.UserNetworks;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class KernelStatisticsTest {
  @Test
  void anInvolutionIsGivenWhatItsInputIsReshapedTo() {
    ComputationGraph graph = NetworkBlueprint.of("users", UserNetworks.reshaped()).build();
    try {
      List<List<KernelStatistics>> byImage =
          KernelStatistics.of(graph, Nd4j.rand(DataType.FLOAT, 3, 3, 32, 32));

      assertThat(byImage).hasSize(3);
      for (List<KernelStatistics> ofImage : byImage) {
        assertThat(ofImage).hasSize(1);
        assertThat(ofImage.get(0).layer()).isEqualTo("involution");
        assertThat(ofImage.get(0).row()).isBetween(0, 3);
        assertThat(ofImage.get(0).column()).isBetween(0, 4);
      }
    } finally {
      GraphState.close(graph);
    }
  }
}
