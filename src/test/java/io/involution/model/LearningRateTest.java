package io.involution.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.involution.compute.NativeThreads;
import io.involution.config.InvolutionOptions;
import io.involution.data.Shard;
import io.involution.data.ShardFixture;
import io.involution.model.network.LocalRule;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import java.util.List;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The step size by formula, and what DL4J's updater makes of it and of weight decay. */
class LearningRateTest {
  private static final Shard SHARD = ShardFixture.random(6, 5);
  private static final int[] ORDER = {0, 1, 2, 3, 4, 5};

  @BeforeAll
  static void singleThreaded() {
    NativeThreads.useOne();
  }

  @Test
  void warmsUpEvenlyAndFallsAlongACosine() {
    LearningRate rate = new LearningRate(0.8, 4, 12);

    assertThat(List.of(rate.at(0), rate.at(1), rate.at(2), rate.at(3)))
        .containsExactly(0.2, 0.4, 0.8 * 3 / 4, 0.8);
    assertThat(rate.at(4)).isEqualTo(0.8);
    // A quarter, a half and three quarters of the eight steps of the cosine.
    assertThat(rate.at(6)).isCloseTo(0.4 * (1 + Math.sqrt(0.5)), within(1e-15));
    assertThat(rate.at(8)).isCloseTo(0.4, within(1e-15));
    assertThat(rate.at(10)).isCloseTo(0.4 * (1 - Math.sqrt(0.5)), within(1e-15));
    assertThat(rate.at(11)).isPositive().isEqualTo(rate.at(12)).isEqualTo(rate.at(1000));
  }

  @Test
  void staysWithoutDecay() {
    assertThat(LearningRate.constant(0.1).at(1_000_000)).isEqualTo(0.1);
    assertThat(LearningRate.constant(0.1).isConstant()).isTrue();
    LearningRate warm = new LearningRate(0.1, 2, 0);
    assertThat(List.of(warm.at(0), warm.at(1), warm.at(2), warm.at(9)))
        .containsExactly(0.05, 0.1, 0.1, 0.1);
    assertThat(warm.isConstant()).isFalse();
    // A warm-up that takes the whole run.
    assertThat(new LearningRate(1, 4, 4).at(3)).isEqualTo(1);
  }

  @Test
  void numbersThatCannotBeAreRefused() {
    for (double peak : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException().isThrownBy(() -> LearningRate.constant(peak));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new LearningRate(1, -1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new LearningRate(1, 0, -1));
  }

  /** As airbench94 has it, but a step earlier, so that no step size is 0. */
  @Test
  void aTriangleRisesFromItsStartAndFallsToItsEnd() {
    LearningRate rate = new LearningRate(2, 4, 0, 12, 0.25, 0.5);

    assertThat(LongStream.range(0, 13).mapToDouble(rate::at).toArray())
        .containsExactly(
            new double[] {
              0.875, 1.25, 1.625, 2, 2, 1.875, 1.75, 1.625, 1.5, 1.375, 1.25, 1.125, 1.125
            },
            within(1e-12));
    assertThat(new LearningRate(4, 4, 0, 12, 0.25, 0.5).at(1)).isEqualTo(2.5);
    assertThat(rate.isConstant()).isFalse();
  }

  @Test
  void aLineAndACosineLeadToTheirEnds() {
    LearningRate line = new LearningRate(1, 0, 0, 4, 0, 0);
    LearningRate cosine = new LearningRate(1, 0, 4, 0, 0, 0.2);

    assertThat(LongStream.range(0, 5).mapToDouble(line::at).toArray())
        .containsExactly(1, 0.75, 0.5, 0.25, 0.25);
    assertThat(cosine.at(0)).isEqualTo(1, within(1e-12));
    assertThat(cosine.at(2)).isEqualTo(0.6, within(1e-12));
    assertThat(cosine.at(9)).isEqualTo(0.2 + 0.8 * (1 - Math.sqrt(0.5)) / 2, within(1e-12));
    assertThatIllegalArgumentException().isThrownBy(() -> new LearningRate(1, 0, 2, 2, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new LearningRate(1, 0, 0, 2, 0, 1.1));
    assertThatIllegalArgumentException().isThrownBy(() -> new LearningRate(1, 2, 0, 2, -1, 0));
  }

  private static ComputationGraph network(NetworkKind kind, LearningRate rate, double decay) {
    NetworkOptions options =
        new NetworkOptions(7, LocalRule.adam(rate, decay), InvolutionOptions.REFERENCE);
    return NetworkBlueprint.of(kind.label(), kind.configuration(options)).build();
  }

  private static void step(ComputationGraph graph) {
    try (Minibatch minibatch = new Minibatch()) {
      minibatch.load(SHARD, ORDER, 0, 6);
      graph.fit(new INDArray[] {minibatch.images()}, new INDArray[] {minibatch.labels()});
    }
  }

  /** Through the configuration's JSON, which is how it travels and is saved. */
  @ParameterizedTest
  @EnumSource(
      value = NetworkKind.class,
      names = {"CONVOLUTION", "INVOLUTION", "WIDE_INVOLUTION"})
  void everyStepHasTheStepSizeOfItsNumber(NetworkKind kind) {
    LearningRate rate = new LearningRate(0.01, 2, 5);
    ComputationGraph scheduled = network(kind, rate, 0);
    ComputationGraph plain = network(kind, LearningRate.constant(1), 0);
    for (int step = 0; step < 5; step++) {
      plain.setLearningRate(rate.at(step));
      step(plain);
      step(scheduled);
      assertThat(scheduled.params().toFloatVector())
          .as("step %d", step)
          .isEqualTo(plain.params().toFloatVector());
    }
    scheduled.close();
    plain.close();
  }

  /** As when Adam begins afresh with every round. */
  @ParameterizedTest
  @EnumSource(
      value = NetworkKind.class,
      names = {"CONVOLUTION", "INVOLUTION", "WIDE_INVOLUTION"})
  void freshUpdaterKeepsTheStepSizeOfTheRun(NetworkKind kind) {
    LearningRate rate = new LearningRate(0.01, 8, 0);
    ComputationGraph scheduled = network(kind, rate, 0);
    ComputationGraph plain = network(kind, LearningRate.constant(rate.at(3)), 0);
    GraphState.restore(
        scheduled, ModelState.of(3, GraphState.capture(plain).parameters(), new float[0]));

    step(scheduled);
    step(plain);

    assertThat(scheduled.params().toFloatVector()).isEqualTo(plain.params().toFloatVector());
    assertThat(GraphState.capture(scheduled).steps()).isEqualTo(4);
    scheduled.close();
    plain.close();
  }

  /** AdamW, algorithm 2: theta' = theta - rate (Adam's direction + decay theta). */
  @ParameterizedTest
  @EnumSource(
      value = NetworkKind.class,
      names = {"CONVOLUTION", "INVOLUTION", "WIDE_INVOLUTION"})
  void weightDecayTakesItsShareOffWeightsAlone(NetworkKind kind) {
    double decay = 0.5;
    LearningRate rate = new LearningRate(0.01, 2, 0);
    ComputationGraph decaying = network(kind, rate, decay);
    ComputationGraph plain = network(kind, rate, 0);
    ParameterLayout layout = ParameterLayout.of(plain);
    float[] start = plain.params().toFloatVector();
    step(decaying);
    step(plain);

    float[] found = decaying.params().toFloatVector();
    float[] without = plain.params().toFloatVector();
    for (ParameterBlock block : layout.blocks()) {
      boolean weights =
          plain
              .getLayer(block.layer())
              .conf()
              .getLayer()
              .initializer()
              .isWeightParam(plain.getLayer(block.layer()).conf().getLayer(), block.name());
      for (int i = block.offset(); i < block.end(); i++) {
        double share = weights ? rate.at(0) * decay * start[i] : 0;
        assertThat((double) found[i])
            .as("%s of %s, %s", block.name(), block.layer(), weights)
            .isCloseTo(without[i] - share, within(1e-7));
      }
    }
    assertThat(found).isNotEqualTo(without);
    decaying.close();
    plain.close();
  }
}
