package io.involution.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.compute.NativeThreads;
import io.involution.config.InvolutionOptions;
import io.involution.config.training.OptimizerChoice;
import io.involution.config.training.OptimizerOptions;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.model.LearningRate;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import io.involution.train.average.WeightedMean;
import io.involution.train.average.WeightedMean.Weighted;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What averaging does to running statistics, frozen filters and momentum. */
class DeepAveragesTest {
  private static final ImageShape IMAGE = new ImageShape(2, 9, 10);

  @BeforeAll
  static void oneNativeThread() {
    NativeThreads.useOne();
  }

  private static INDArray images(int seed, int count) {
    double[] pixels = new Random(seed).doubles((long) count * IMAGE.pixels()).toArray();
    return Nd4j.createFromArray(pixels).castTo(DataType.FLOAT).reshape('c', count, 2, 9, 10);
  }

  /** A worker's state after three steps: in the first, a residual block is its shortcut. */
  private static ModelState trained(NetworkBlueprint network, ModelState start, int seed) {
    ComputationGraph graph = network.build();
    try (INDArray labels = Nd4j.zeros(DataType.FLOAT, 4, 3)) {
      GraphState.restore(graph, start);
      for (int i = 0; i < 4; i++) {
        labels.putScalar(i, (i + seed) % 3, 1);
      }
      for (int step = 0; step < 3; step++) {
        graph.fit(new INDArray[] {images(10 * seed + step, 4)}, new INDArray[] {labels});
      }
      return GraphState.capture(graph);
    } finally {
      GraphState.close(graph);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.involution.model.network.DeepNetworksTest#tiny")
  void statisticsAreAveragedAndFrozenFiltersStay(
      String name, Function<NetworkOptions, ComputationGraphConfiguration> network) {
    NetworkOptions options =
        new NetworkOptions(
            3,
            new LocalRule(
                OptimizerOptions.of(OptimizerChoice.NESTEROVS, 0.01), LearningRate.constant(0.05)),
            InvolutionOptions.REFERENCE,
            new DataSchema(IMAGE, List.of("a", "b", "c")));
    ComputationGraphConfiguration configuration = network.apply(options);
    options.rule().complete(configuration);
    NetworkBlueprint blueprint = NetworkBlueprint.of(name, configuration);
    ModelState start = GraphState.initial(blueprint);

    ModelState first = trained(blueprint, start, 1);
    ModelState second = trained(blueprint, start, 2);
    WeightedMean both = WeightedMean.onAllCores();
    both.add(List.of(new Weighted(8, first), new Weighted(4, second)));
    ModelState mean = both.value();

    assertThat(mean.isFinite()).isTrue();
    assertThat(mean.updater()).hasSameSizeAs(start.updater());
    int statistics = 0;
    ComputationGraph graph = blueprint.build();
    for (ParameterBlock block : ParameterLayout.of(graph).blocks()) {
      float[] before = of(start, block);
      boolean frozen = block.name().equals("W") && !block.trainable();
      // A bias before a norm has none.
      boolean gradient = !block.name().equals("reduceB");
      boolean changes = !Arrays.equals(before, of(first, block));
      // The norm after an involution undoes the factor of its only reduced channel.
      if (!block.name().equals("gamma") || block.length() > 1) {
        assertThat(changes).as("%s %s", name, block).isEqualTo(gradient && !frozen);
      }
      if (frozen) {
        assertThat(of(mean, block)).isEqualTo(before);
      }
      statistics += block.trainable() || frozen ? 0 : block.length();
      for (int i = block.offset(); i < block.end(); i++) {
        double expected = (8.0 * first.parameters()[i] + 4.0 * second.parameters()[i]) / 12;
        assertThat((double) mean.parameters()[i])
            .isCloseTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
      }
    }
    assertThat(statistics).isPositive();
    GraphState.close(graph);
  }

  private static float[] of(ModelState state, ParameterBlock block) {
    return Arrays.copyOfRange(state.parameters(), block.offset(), block.end());
  }
}
