package io.involution.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.involution.model.network.ConvolutionNetwork;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.GraphState;
import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import io.involution.model.summary.NetworkSummary;
import io.involution.model.summary.NetworkSummary.LayerRow;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Sgd;

/** Layout and summary of the convolution network against the reference run's table. */
class NetworkTablesTest {
  private static ComputationGraph graph;

  @BeforeAll
  static void build() {
    graph =
        NetworkBlueprint.of(
                "convolution", ConvolutionNetwork.configuration(new NetworkOptions(42, 0.001)))
            .build();
  }

  @AfterAll
  static void close() {
    GraphState.close(graph);
  }

  @Test
  void layoutHasEveryParameterOnceInTheOrderOfTheVector() {
    ParameterLayout layout = ParameterLayout.of(graph);

    assertThat(layout.trainable()).isEqualTo(319_178);
    assertThat(layout.nonTrainable()).isZero();
    assertThat(layout.length()).isEqualTo(319_178).isEqualTo((int) graph.numParams());
    assertThat(layout.blocks())
        .extracting(ParameterBlock::layer, ParameterBlock::length)
        .containsExactly(
            tuple("conv1", 32),
            tuple("conv1", 864),
            tuple("conv2", 64),
            tuple("conv2", 18_432),
            tuple("conv3", 64),
            tuple("conv3", 36_864),
            tuple("dense", 262_144),
            tuple("dense", 64),
            tuple("output", 640),
            tuple("output", 10));
    int offset = 0;
    for (ParameterBlock block : layout.blocks()) {
      assertThat(block.offset()).isEqualTo(offset);
      assertThat(block.shape().stream().reduce(1L, (a, b) -> a * b)).isEqualTo(block.length());
      offset = block.end();
    }
  }

  /** Biases start at 0 and weights do not: so blocks lie where the layout says. */
  @Test
  void blocksLieWhereTheLayoutSays() {
    float[] vector = graph.params().toFloatVector();
    for (ParameterBlock block : ParameterLayout.of(graph).blocks()) {
      int zeros = 0;
      for (int i = block.offset(); i < block.end(); i++) {
        zeros += vector[i] == 0 ? 1 : 0;
      }
      boolean bias = block.name().equals("b");
      assertThat(zeros).as("%s", block).isEqualTo(bias ? block.length() : 0);
    }
    assertThat(ParameterLayout.of(graph).blocks("dense")).hasSize(2);
    assertThat(ParameterLayout.of(graph).blocks("none")).isEmpty();
  }

  @Test
  void summaryIsTheReferenceTable() {
    NetworkSummary summary = NetworkSummary.of(graph, InputType.convolutional(32, 32, 3));

    assertThat(summary)
        .isEqualTo(
            new NetworkSummary(
                List.of(
                    new LayerRow("conv1", "ConvolutionBlock", "32 x 16 x 16", 896, 1_769_472),
                    new LayerRow("conv2", "ConvolutionBlock", "64 x 8 x 8", 18_496, 9_437_184),
                    new LayerRow("conv3", "ConvolutionBlock", "64 x 8 x 8", 36_928, 4_718_592),
                    new LayerRow("dense", "Dense", "64", 262_208, 524_288),
                    new LayerRow("output", "SoftmaxOutput", "10", 650, 1_280)),
                319_178,
                0,
                2 * 319_178));
  }

  @Test
  void plainSgdHasNoOptimizerEntries() {
    ComputationGraph plain = SmallNetwork.linear(new Sgd(0.1)).build();

    NetworkSummary summary = NetworkSummary.of(plain, InputType.convolutional(32, 32, 3));

    assertThat(summary.optimizer()).isZero();
    assertThat(summary.trainable()).isEqualTo(30_730);
    plain.close();
  }

  @Test
  void equalBlueprintsBuildTheSameNetworkAndOtherSeedsAnother() {
    ComputationGraph again =
        NetworkBlueprint.of("c", ConvolutionNetwork.configuration(new NetworkOptions(42, 0.001)))
            .build();
    ComputationGraph other =
        NetworkBlueprint.of("c", ConvolutionNetwork.configuration(new NetworkOptions(43, 0.001)))
            .build();

    assertThat(again.params().toFloatVector()).isEqualTo(graph.params().toFloatVector());
    assertThat(other.params().toFloatVector()).isNotEqualTo(graph.params().toFloatVector());
    again.close();
    other.close();
  }
}
