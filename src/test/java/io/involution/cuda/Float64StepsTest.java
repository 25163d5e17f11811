package io.involution.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.config.Precision;
import io.involution.config.training.OptimizerChoice;
import io.involution.config.training.OptimizerOptions;
import io.involution.config.training.WeightDecayChoice;
import io.involution.config.value.Augmentation;
import io.involution.data.Shard;
import io.involution.data.ViewFixture;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.model.LearningRate;
import io.involution.model.Minibatch;
import io.involution.model.network.LocalRule;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import io.involution.train.Assignment;
import io.involution.train.LocalSteps;
import io.involution.train.StepSums;
import io.involution.train.time.Round;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Three whole steps of every network by the kernels against DL4J's layers in float64: loading,
 * layers, loss, gradients, statistics, updaters, decay, schedule.
 */
class Float64StepsTest {
  private static final int BEFORE = 5;
  private static final double ERROR = 1e-5;
  private static final double TENSOR_ERROR = 1e-3;

  /** Minibatches of 3, 5 and 4. */
  private static final int[] BOUNDS = {1, 4, 9, 13};

  private final Random random = new Random(20);

  @ParameterizedTest
  @EnumSource(
      value = NetworkKind.class,
      names = {"CONVOLUTION", "INVOLUTION", "WIDE_INVOLUTION"})
  void agreeWithDl4j(NetworkKind kind) {
    NetworkBlueprint blueprint = CudaEngineFixture.blueprint(kind);
    if (kind == NetworkKind.CONVOLUTION) {
      blueprint = blueprint.with(new SoftmaxCrossEntropy(new double[] {0.5, 2, 1.25, 0}, 0));
    }
    compare(blueprint, Precision.FLOAT32, ERROR);
  }

  @Test
  void ofLayersOfDeepNetworksAgreeToo() {
    compare(CudaEngineFixture.residual(), Precision.FLOAT32, ERROR);
  }

  static Stream<LocalRule> rules() {
    LearningRate line = new LearningRate(0.05, 6, 0, 20, 0.2, 0.07);
    LearningRate cosine = new LearningRate(0.05, 2, 12);
    return Stream.of(
        new LocalRule(OptimizerOptions.of(OptimizerChoice.NESTEROVS, 0.02), line),
        new LocalRule(options(OptimizerChoice.NESTEROVS), cosine),
        new LocalRule(options(OptimizerChoice.ADAM), LearningRate.constant(0.01)));
  }

  private static OptimizerOptions options(OptimizerChoice choice) {
    return new OptimizerOptions(
        choice, Optional.empty(), Optional.empty(), 0.03, WeightDecayChoice.L2);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void agreeByEveryRuleAndWithSmoothedLabels(LocalRule rule) {
    compare(
        CudaEngineFixture.trained(CudaEngineFixture.residual(), rule)
            .with(new SoftmaxCrossEntropy(new double[] {0.5, 2, 1.25, 0}, 0.2)),
        Precision.FLOAT32,
        ERROR);
  }

  /** Beyond the factors' rounding, a pool or a ReLU now and then decides otherwise. */
  @Test
  void onTensorCoresAgreeAsFarAsTheirFactorsAreRounded() {
    NetworkBlueprint convolution = CudaEngineFixture.blueprint(NetworkKind.CONVOLUTION);
    compare(convolution, Precision.TF32, TENSOR_ERROR);
  }

  /**
   * Roundings grow from layer to layer, and a ReLU now and then decides otherwise: DL4J's layers in
   * float32 are as far from float64.
   */
  @ParameterizedTest
  @CsvSource({"DEEP_CONVOLUTION, 1e-5", "DEEP_INVOLUTION, 5e-4", "RESNET, 4e-5", "REDNET, 5e-3"})
  void ofDeepNetworksAgreeToo(NetworkKind kind, double most) {
    Shard shard = CudaEngineFixture.shard(CudaEngineFixture.DEEP_IMAGE, 14, 3);
    compare(CudaEngineFixture.blueprint(kind), shard, Precision.FLOAT32, most);
  }

  private void compare(NetworkBlueprint blueprint, Precision precision, double most) {
    compare(blueprint, CudaEngineFixture.shard(14, 3), precision, most);
  }

  private void compare(NetworkBlueprint blueprint, Shard shard, Precision precision, double most) {
    LocalSteps steps = steps(shard);
    ModelState start = start(blueprint);
    ComputationGraph graph = float64(blueprint);
    CudaNetwork network = new CudaNetwork(blueprint);
    try (CudaEngine engine = new CudaEngine(network, EmulatedCuda.library(), 0, precision)) {
      engine.restore(start);
      StepSums sums = engine.take(steps, () -> false);
      restore(graph, start);
      double loss = fit(graph, blueprint, steps);
      assertThat(sums.lossSum()).isCloseTo(loss, within(most / 10 * loss));
      assertThat(errors(graph, engine.capture()))
          .allSatisfy((what, error) -> assertThat(error).as(what).isLessThan(most));
    } finally {
      graph.close();
    }
  }

  /** Errors of each block of parameters and moments, relative to the block's Euclidean norm. */
  private static Map<String, Double> errors(ComputationGraph graph, ModelState state) {
    Map<String, Double> errors = new LinkedHashMap<>();
    double[] parameters = graph.params().data().asDouble();
    for (ParameterBlock block : ParameterLayout.of(graph).blocks()) {
      errors.put(
          block.layer() + "." + block.name(),
          error(state.parameters(), parameters, block.offset(), block.end()));
    }
    ComputationGraphUpdater updater = graph.getUpdater(true);
    double[] moments = updater.getStateViewArray().data().asDouble();
    assertThat(state.updater()).hasSameSizeAs(moments);
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      int from = block.getUpdaterViewOffsetStart();
      int to = block.getUpdaterViewOffsetEnd();
      int middle = (from + to) / 2;
      errors.put("m from " + from, error(state.updater(), moments, from, middle));
      errors.put("v from " + middle, error(state.updater(), moments, middle, to));
    }
    return errors;
  }

  private static double error(float[] found, double[] expected, int from, int to) {
    double error = 0;
    double norm = 0;
    for (int i = from; i < to; i++) {
      error += Math.pow(found[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    // Statistics have no moments.
    return norm == 0 ? Math.sqrt(error) : Math.sqrt(error / norm);
  }

  private LocalSteps steps(Shard shard) {
    int size = shard.size();
    return new LocalSteps(
        shard,
        random.ints(0, size).distinct().limit(size).toArray(),
        random.ints(size, 0, 400).mapToLong(ViewFixture::any).toArray(),
        BOUNDS,
        new Assignment(
            0, new Round(1, 1, 0, BOUNDS.length - 1, BOUNDS.length - 1), 5, Augmentation.USUAL));
  }

  /** A state in the midst of training: with zero moments, Adam makes whole steps of roundings. */
  private ModelState start(NetworkBlueprint blueprint) {
    ModelState initial = GraphState.initial(blueprint);
    float[] parameters = initial.parameters().clone();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += 0.01f * (1 + random.nextFloat());
    }
    float[] updater = new float[initial.updater().length];
    for (int i = 0; i < updater.length; i++) {
      updater[i] = 1e-4f * (1 + random.nextFloat());
    }
    return ModelState.of(BEFORE, parameters, updater);
  }

  /** The same network in float64. */
  private static ComputationGraph float64(NetworkBlueprint blueprint) {
    String json = blueprint.json().replaceAll("(\"dataType\" *: *)\"FLOAT\"", "$1\"DOUBLE\"");
    ComputationGraph graph = new ComputationGraph(ComputationGraphConfiguration.fromJson(json));
    graph.init();
    assertThat(graph.params().dataType()).isEqualTo(DataType.DOUBLE);
    return graph;
  }

  private static void restore(ComputationGraph graph, ModelState state) {
    INDArray moments = graph.getUpdater(true).getStateViewArray();
    graph.params().assign(row(state.parameters()));
    moments.assign(row(state.updater()));
    graph.getConfiguration().setIterationCount(BEFORE);
  }

  private static INDArray row(float... values) {
    return Nd4j.createFromArray(values).castTo(DataType.DOUBLE).reshape(1, values.length);
  }

  /** The sum of the losses over the examples. */
  private static double fit(ComputationGraph graph, NetworkBlueprint blueprint, LocalSteps steps) {
    double sum = 0;
    try (Minibatch minibatch = new Minibatch(blueprint.normalization())) {
      for (int step = 0; step < steps.steps(); step++) {
        minibatch.load(steps.shard(), steps.order(), steps.views(), BOUNDS[step], BOUNDS[step + 1]);
        graph.fit(
            new INDArray[] {minibatch.images().castTo(DataType.DOUBLE)},
            new INDArray[] {minibatch.labels().castTo(DataType.DOUBLE)});
        sum += SoftmaxCrossEntropy.of(graph).lastLossSum();
      }
    }
    return sum;
  }
}
