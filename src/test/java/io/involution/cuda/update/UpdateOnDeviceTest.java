package io.involution.cuda.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.involution.cuda.layer.DeviceArrays;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/** The end of a step against DL4J's own updaters and regularizations in float64. */
class UpdateOnDeviceTest {
  /** Steps that the updater has seen, and DL4J's counter of those before it. */
  private static final int ITERATION = 4;

  private static final int BEFORE = 2;

  private static final int[] BOUNDS = {0, 300, 599, 600};

  static Stream<Named<ComputationGraphConfiguration>> rules() {
    return UpdaterCases.all();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void agreesWithDl4jInFloat64(ComputationGraphConfiguration configuration) {
    try (DeviceArrays arrays = new DeviceArrays();
        UpdaterReference reference = new UpdaterReference(configuration, ITERATION, BEFORE)) {
      UpdateRule rule = new UpdateRule(reference.graph());
      float[] parameters = arrays.numbers(reference.length());
      float[] state = arrays.numbers(reference.stateLength());
      IntStream.range(0, state.length).forEach(i -> state[i] *= state[i]);
      reference.start(parameters, state);
      UpdateRun run = new UpdateRun(arrays, rule, parameters);
      for (UpdaterBlock block : reference.blocks()) {
        copyState(arrays, run.vectors(), block, state);
      }
      run.begin(rule.rates(ITERATION, BEFORE, 3), BOUNDS);
      for (int step = 0; step < 3; step++) {
        float[] gradients = arrays.numbers(parameters.length);
        put(gradients, rule, 0);
        reference.step(gradients, BOUNDS[step + 1] - BOUNDS[step]);
        // Nobody writes gradients of what is not trained.
        put(gradients, rule, Float.NaN);
        run.step(gradients);
      }
      arrays.assertNear("parameters", run.vectors().parameters(), reference.parameters());
      for (UpdaterBlock block : reference.blocks()) {
        assertState(arrays, run.vectors(), block, reference.state());
      }
    }
  }

  private static void put(float[] gradients, UpdateRule rule, float untrained) {
    byte[] kinds = rule.kinds();
    IntStream.range(0, kinds.length)
        .filter(i -> kinds[i] == 0)
        .forEach(i -> gradients[i] = untrained);
  }

  /** Where a block's part of DL4J's state is: halves of [m | v], or velocities alone. */
  private static void copyState(
      DeviceArrays arrays, VectorsOnDevice vectors, UpdaterBlock block, float... state) {
    int start = block.getUpdaterViewOffsetStart();
    int length = block.getParamOffsetEnd() - block.getParamOffsetStart();
    for (int from = start; from < block.getUpdaterViewOffsetEnd(); from += length) {
      long vector = from == start ? vectors.firstMoments() : vectors.secondMoments();
      arrays
          .device()
          .write(
              vector + (long) Float.BYTES * block.getParamOffsetStart(),
              Arrays.copyOfRange(state, from, from + length));
    }
  }

  private static void assertState(
      DeviceArrays arrays, VectorsOnDevice vectors, UpdaterBlock block, double... state) {
    int start = block.getUpdaterViewOffsetStart();
    int length = block.getParamOffsetEnd() - block.getParamOffsetStart();
    for (int from = start; from < block.getUpdaterViewOffsetEnd(); from += length) {
      long vector = from == start ? vectors.firstMoments() : vectors.secondMoments();
      arrays.assertNear(
          "state from " + from,
          vector + (long) Float.BYTES * block.getParamOffsetStart(),
          Arrays.copyOfRange(state, from, from + length));
    }
  }

  @Test
  void countsARoundsLossesAndHits() {
    try (DeviceArrays arrays = new DeviceArrays()) {
      ComputationGraph graph = UpdaterCases.graph(UpdaterCases.plain());
      UpdateRule rule = new UpdateRule(graph);
      float[] nothing = new float[(int) graph.numParams()];
      UpdateRun run = new UpdateRun(arrays, rule, nothing);
      run.begin(rule.rates(0, 0, 3), BOUNDS);
      double lossSum = 0;
      int correct = 0;
      for (int step = 0; step < 3; step++) {
        int count = BOUNDS[step + 1] - BOUNDS[step];
        run.step(nothing);
        lossSum += Arrays.stream(arrays.device().readDoubles(run.output().losses(), count)).sum();
        correct += Arrays.stream(arrays.device().readInts(run.output().hits(), count)).sum();
      }
      assertThat(run.sums().lossSum()).isCloseTo(lossSum, within(1e-12 * lossSum));
      assertThat(run.sums().correct()).isEqualTo(correct).isBetween(1, 599);
      // The next round counts from 0.
      run.begin(rule.rates(3, 0, 1), 0, 1);
      run.step(nothing);
      assertThat(run.sums().lossSum())
          .isEqualTo(arrays.device().readDoubles(run.output().losses(), 1)[0]);
    }
  }

  @Test
  void sharesTheNumbersOfWhatIsChangedInTheSameWay() {
    // Weights, biases, and betas with a step size of their own.
    assertThat(new UpdateRule(UpdaterCases.graph(UpdaterCases.plain())).ways()).isEqualTo(3);
  }

  @Test
  void leavesStatisticsAndFrozenFiltersAsTheyAre() {
    ComputationGraph graph = UpdaterCases.graph(UpdaterCases.plain());
    byte[] kinds = new UpdateRule(graph).kinds();
    assertThat(kinds).hasSize((int) graph.numParams());
    assertThat(IntStream.range(0, kinds.length).filter(i -> kinds[i] == 0).count())
        .isEqualTo(UpdaterCases.UNTRAINED);
  }

  @Test
  void refusesOtherRulesByTheLayersName() {
    assertRefused(
        layer -> layer.setIUpdater(new AdaMax(0.1)), "layer dense has the updater AdaMax");
    assertRefused(
        layer -> layer.setBiasUpdater(new AdaMax(0.1)), "layer dense has the updater AdaMax");
    assertRefused(
        layer -> layer.setRegularization(List.of(new L1Regularization(0.1))),
        "layer dense has the regularization [L1");
    assertRefused(
        layer ->
            layer.setRegularization(
                List.of(new WeightDecay(0.1, false), new WeightDecay(0.1, true))),
        "layer dense has the regularization [WeightDecay");
  }

  private static void assertRefused(Consumer<BaseLayer> change, String message) {
    ComputationGraphConfiguration configuration = UpdaterCases.plain();
    change.accept(UpdaterCases.layer(configuration, "dense"));
    ComputationGraph graph = UpdaterCases.graph(configuration);
    assertThatThrownBy(() -> new UpdateRule(graph))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void hasRoomForAFewRulesOnly() {
    assertThatCode(() -> new UpdateRule(UpdaterCases.graph(UpdaterCases.manyRules(32))))
        .doesNotThrowAnyException();
    ComputationGraph many = UpdaterCases.graph(UpdaterCases.manyRules(33));
    assertThatThrownBy(() -> new UpdateRule(many))
        .hasMessage("layer dense32 has one of more than 32 different updaters");
  }
}
