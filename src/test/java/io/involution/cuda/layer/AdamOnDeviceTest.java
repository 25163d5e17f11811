package io.involution.cuda.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.involution.config.InvolutionOptions;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.model.LearningRate;
import io.involution.model.Normalization;
import io.involution.model.network.LocalRule;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/** The end of a step against ND4J's Adam and weight decay in float64. */
class AdamOnDeviceTest {
  private static final double DECAY = 0.3;
  private static final LearningRate RATE = new LearningRate(0.01, 3, 9);

  /** A minibatch that is all there is: adding up 300 losses takes every thread of a block. */
  private static final int CAPACITY = 300;

  @Test
  void agreesWithNd4jInFloat64() {
    ComputationGraph graph = network(DECAY);
    AdamRule rule = new AdamRule(graph);
    int length = (int) graph.numParams();
    try (DeviceArrays arrays = new DeviceArrays();
        RoundOnDevice round = new RoundOnDevice(arrays.device())) {
      float[] parameters = arrays.numbers(length);
      float[] m = arrays.numbers(length);
      float[] v = arrays.numbers(length);
      IntStream.range(0, length).forEach(i -> v[i] *= v[i]);
      VectorsOnDevice vectors =
          new VectorsOnDevice(
              arrays.copy(parameters),
              arrays.poison(length),
              arrays.copy(m),
              arrays.copy(v),
              length);
      Reference reference = new Reference(rule, parameters, m, v);
      SoftmaxOnDevice output = output(arrays, round);
      AdamOnDevice adam = new AdamOnDevice(arrays.device(), round, vectors, rule, output);
      int[] bounds = {0, 300, 599, 600};
      begin(arrays, round, bounds, rule.rates(4, 2, 3));
      ExamplesOnDevice examples =
          new ExamplesOnDevice(
              arrays.device(), round, new ImageShape(1, 1, 1), Normalization.NONE, CAPACITY);
      double lossSum = 0;
      int correct = 0;
      for (int step = 0; step < 3; step++) {
        int count = bounds[step + 1] - bounds[step];
        float[] gradients = arrays.numbers(length);
        // Nobody writes gradients of statistics.
        IntStream.range(0, length)
            .filter(i -> rule.kinds()[i] == 0)
            .forEach(i -> gradients[i] = Float.NaN);
        arrays.device().write(vectors.gradients(), gradients);
        examples.forward(true);
        output.forward(true);
        lossSum += Arrays.stream(arrays.device().readDoubles(output.losses(), count)).sum();
        correct += Arrays.stream(arrays.device().readInts(output.hits(), count)).sum();
        adam.step();
        reference.step(gradients, count, 4 + step);
      }
      arrays.assertNear("parameters", vectors.parameters(), reference.parameters.data().asDouble());
      arrays.assertNear("m", vectors.firstMoments(), reference.state(0));
      arrays.assertNear("v", vectors.secondMoments(), reference.state(1));
      assertThat(adam.sums().lossSum()).isCloseTo(lossSum, within(1e-12 * lossSum));
      assertThat(adam.sums().correct()).isEqualTo(correct).isBetween(1, 599);
      // The next round counts from 0.
      begin(arrays, round, new int[] {0, 1}, rule.rates(7, 2, 1));
      examples.forward(true);
      output.forward(true);
      adam.step();
      assertThat(adam.sums().lossSum())
          .isEqualTo(arrays.device().readDoubles(output.losses(), 1)[0]);
    }
  }

  /** ND4J's own step on a flat vector in float64. */
  private static final class Reference {
    private final AdamRule rule;
    private final INDArray parameters;
    private final INDArray state;
    private final AdamUpdater updater;

    Reference(AdamRule rule, float[] parameters, float[] m, float[] v) {
      this.rule = rule;
      this.parameters = row(parameters);
      state = Nd4j.concat(1, row(m), row(v));
      updater = (AdamUpdater) rule.adam().instantiate(state, false);
    }

    private static INDArray row(float... values) {
      return Nd4j.createFromArray(DenseReference.doubles(values)).reshape(1, values.length);
    }

    void step(float[] gradients, int count, int iteration) {
      int epoch = 2;
      byte[] kinds = rule.kinds();
      for (int i = 0; i < kinds.length; i++) {
        gradients[i] = kinds[i] == 0 ? 0 : gradients[i];
      }
      INDArray all = row(gradients).divi(count);
      double[] before = state.data().asDouble();
      double[] kept = parameters.data().asDouble();
      updater.applyUpdater(all, iteration, epoch);
      INDArray decayed = all.dup();
      new WeightDecay(DECAY, true)
          .apply(
              parameters, decayed, rule.adam().getLearningRate(iteration, epoch), iteration, epoch);
      for (int i = 0; i < kinds.length; i++) {
        if (kinds[i] == 0) {
          state.putScalar(i, before[i]);
          state.putScalar(kinds.length + i, before[kinds.length + i]);
        } else {
          double change = kinds[i] == 2 ? decayed.getDouble(i) : all.getDouble(i);
          parameters.putScalar(i, kept[i] - change);
        }
      }
    }

    double[] state(int half) {
      int length = (int) parameters.length();
      return Arrays.copyOfRange(state.data().asDouble(), half * length, (half + 1) * length);
    }
  }

  @Test
  void decaysWeightsAndNothingElse() {
    byte[] kinds = new AdamRule(network(DECAY)).kinds();
    byte[] without = new AdamRule(network(0)).kinds();
    ComputationGraph graph = network(DECAY);
    for (ParameterBlock block : ParameterLayout.of(graph).blocks()) {
      boolean weight = block.name().endsWith("W");
      int kind = !block.trainable() ? 0 : weight ? 2 : 1;
      for (int i = block.offset(); i < block.end(); i++) {
        assertThat(kinds[i]).as("%s %s", block.layer(), block.name()).isEqualTo((byte) kind);
        assertThat(without[i]).isEqualTo((byte) Math.min(1, kind));
      }
    }
  }

  @Test
  void refusesOtherRulesByTheLayersName() {
    assertRefused(layer -> layer.setIUpdater(new Sgd(0.1)), "layer dense has the updater Sgd");
    assertRefused(
        layer -> layer.setBiasUpdater(new Adam(0.5)), "layer dense has an Adam of its own");
    assertRefused(
        layer -> layer.setRegularization(List.of(new L2Regularization(0.1))),
        "layer dense has the regularization");
    assertRefused(
        layer -> layer.setRegularization(List.of(new WeightDecay(0.1, false))),
        "layer dense has the regularization");
    assertRefused(
        layer -> layer.setGradientNormalization(GradientNormalization.ClipL2PerLayer),
        "layer dense has the gradient normalization ClipL2PerLayer");
  }

  private static void assertRefused(Consumer<BaseLayer> change, String message) {
    ComputationGraphConfiguration configuration = configuration(0);
    change.accept(
        (BaseLayer)
            ((LayerVertex) configuration.getVertices().get("dense")).getLayerConf().getLayer());
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    assertThatThrownBy(() -> new AdamRule(graph))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
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

  private static ComputationGraph network(double decay) {
    return NetworkBlueprint.of("involution", configuration(decay)).build();
  }

  private static ComputationGraphConfiguration configuration(double decay) {
    return NetworkKind.INVOLUTION.configuration(
        new NetworkOptions(1, LocalRule.adam(RATE, decay), InvolutionOptions.REFERENCE));
  }
}
