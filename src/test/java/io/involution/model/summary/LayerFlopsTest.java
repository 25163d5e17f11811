package io.involution.model.summary;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.GraphState;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;

class LayerFlopsTest {
  @Test
  void countsBothNetworks() {
    assertThat(flops(NetworkKind.CONVOLUTION))
        .isEqualTo(
            2L * (27 * 32 * 32 * 32 + 288 * 64 * 16 * 16 + 576 * 64 * 8 * 8 + 4096 * 64 + 64 * 10));
    // A position: 3 x 1 to reduce, 1 to normalize, 1 x 9 to span, 9 x 3 to multiply.
    assertThat(flops(NetworkKind.INVOLUTION))
        .isEqualTo(2L * (40 * (32 * 32 + 16 * 16 + 8 * 8) + 192 * 64 + 64 * 10));
  }

  private static long flops(NetworkKind kind) {
    ComputationGraph graph =
        NetworkBlueprint.of(kind.label(), kind.configuration(new NetworkOptions(1, 0.001))).build();
    long flops =
        NetworkSummary.of(graph, InputType.convolutional(32, 32, 3)).layers().stream()
            .mapToLong(NetworkSummary.LayerRow::flops)
            .sum();
    GraphState.close(graph);
    return flops;
  }
}
