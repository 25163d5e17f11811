package io.involution.cuda.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.involution.cuda.layer.Activations;
import io.involution.cuda.layer.DeviceArrays;
import io.involution.cuda.layer.ExamplesOnDevice;
import io.involution.cuda.layer.LayerPlace;
import io.involution.cuda.layer.RoundOnDevice;
import io.involution.cuda.layer.ShardOnDevice;
import io.involution.cuda.layer.SoftmaxOnDevice;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.model.Normalization;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
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

  /** A minibatch that is all there is: adding up 300 losses takes every thread of a block. */
  private static final int CAPACITY = 300;

  private static final int[] BOUNDS = {0, 300, 599, 600};

  static Stream<Named<ComputationGraphConfiguration>> rules() {
    return UpdaterCases.all();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void agreesWithDl4jInFloat64(ComputationGraphConfiguration configuration) {
    try (DeviceArrays arrays = new DeviceArrays();
        RoundOnDevice round = new RoundOnDevice(arrays.device());
        UpdaterReference reference = new UpdaterReference(configuration, ITERATION, BEFORE)) {
      UpdateRule rule = new UpdateRule(reference.graph());
      int length = reference.length();
      float[] parameters = arrays.numbers(length);
      float[] state = arrays.numbers(reference.stateLength());
      IntStream.range(0, state.length).forEach(i -> state[i] *= state[i]);
      reference.start(parameters, state);
      VectorsOnDevice vectors =
          new VectorsOnDevice(
              arrays.copy(parameters),
              arrays.poison(length),
              arrays.poison(length),
              arrays.poison(length),
              length);
      for (UpdaterBlock block : reference.blocks()) {
        copyState(arrays, vectors, block, state);
      }
      SoftmaxOnDevice output = output(arrays, round);
      UpdateOnDevice update = new UpdateOnDevice(arrays.device(), round, vectors, rule, output);
      begin(arrays, round, BOUNDS, rule.rates(ITERATION, BEFORE, 3));
      ExamplesOnDevice examples =
          new ExamplesOnDevice(
              arrays.device(), round, new ImageShape(1, 1, 1), Normalization.NONE, CAPACITY);
      for (int step = 0; step < 3; step++) {
        float[] gradients = arrays.numbers(length);
        put(gradients, rule, 0);
        reference.step(gradients, BOUNDS[step + 1] - BOUNDS[step]);
        // Nobody writes gradients of what is not trained.
        put(gradients, rule, Float.NaN);
        arrays.device().write(vectors.gradients(), gradients);
        examples.forward(true);
        output.forward(true);
        update.step();
      }
      arrays.assertNear("parameters", vectors.parameters(), reference.parameters());
      for (UpdaterBlock block : reference.blocks()) {
        assertState(arrays, vectors, block, reference.state());
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
    try (DeviceArrays arrays = new DeviceArrays();
        RoundOnDevice round = new RoundOnDevice(arrays.device())) {
      ComputationGraph graph = UpdaterCases.graph(UpdaterCases.plain());
      UpdateRule rule = new UpdateRule(graph);
      int length = (int) graph.numParams();
      VectorsOnDevice vectors =
          new VectorsOnDevice(
              arrays.poison(length),
              arrays.poison(length),
              arrays.poison(length),
              arrays.poison(length),
              length);
      SoftmaxOnDevice output = output(arrays, round);
      UpdateOnDevice update = new UpdateOnDevice(arrays.device(), round, vectors, rule, output);
      begin(arrays, round, BOUNDS, rule.rates(0, 0, 3));
      ExamplesOnDevice examples =
          new ExamplesOnDevice(
              arrays.device(), round, new ImageShape(1, 1, 1), Normalization.NONE, CAPACITY);
      double lossSum = 0;
      int correct = 0;
      for (int step = 0; step < 3; step++) {
        int count = BOUNDS[step + 1] - BOUNDS[step];
        examples.forward(true);
        output.forward(true);
        lossSum += Arrays.stream(arrays.device().readDoubles(output.losses(), count)).sum();
        correct += Arrays.stream(arrays.device().readInts(output.hits(), count)).sum();
        update.step();
      }
      assertThat(update.sums().lossSum()).isCloseTo(lossSum, within(1e-12 * lossSum));
      assertThat(update.sums().correct()).isEqualTo(correct).isBetween(1, 599);
      // The next round counts from 0.
      begin(arrays, round, new int[] {0, 1}, rule.rates(3, 0, 1));
      examples.forward(true);
      output.forward(true);
      update.step();
      assertThat(update.sums().lossSum())
          .isEqualTo(arrays.device().readDoubles(output.losses(), 1)[0]);
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
    assertRefused(
        layer -> layer.setGradientNormalization(GradientNormalization.ClipL2PerLayer),
        "layer dense has the gradient normalization ClipL2PerLayer");
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

  private static void begin(DeviceArrays arrays, RoundOnDevice round, int[] bounds, float[] rates) {
    int size = bounds[bounds.length - 1];
    short[] labels = new short[size];
    IntStream.range(0, size).forEach(i -> labels[i] = (short) arrays.random().nextInt(3));
    byte[] pixels = new byte[size];
    arrays.random().nextBytes(pixels);
    Shard shard = new Shard(new ImageShape(1, 1, 1), 3, pixels, labels);
    round.begin(
        new ShardOnDevice(arrays.device(), shard),
        IntStream.range(0, size).toArray(),
        new long[0],
        bounds,
        rates);
  }

  private static SoftmaxOnDevice output(DeviceArrays arrays, RoundOnDevice round) {
    int[] labels = arrays.random().ints(CAPACITY, 0, 3).toArray();
    LayerPlace place =
        new LayerPlace(
            arrays.device(),
            new Activations(arrays.copy(arrays.numbers(CAPACITY)), 0, 1, 1, 1),
            round.header(),
            arrays.copy(arrays.numbers(6)),
            arrays.poison(6),
            CAPACITY);
    return new SoftmaxOnDevice(place, 3, true, arrays.copy(labels), new SoftmaxCrossEntropy());
  }
}
