package io.involution.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.involution.data.DataSchema;
import io.involution.data.Shard;
import io.involution.data.ShardFixture;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.model.UserNetworks;
import io.involution.model.configuration.ConfigurationReader;
import io.involution.model.configuration.NetworkRules;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import io.involution.train.outer.LogDeviations;
import io.involution.train.time.EpochPlan;
import io.involution.train.time.Round;
import io.involution.train.time.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaBelief;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Networks of stock DL4J layers and ours, with their own updaters, against DL4J's own fit. */
class UserNetworkTest {
  private static final long SEED = 42;
  private static final int EPOCHS = 2;
  private static final int STEPS = 4;
  private static final Shard SHARD = ShardFixture.random(22, 1);

  private static WorkerUpdate run(LocalTrainer trainer, int worker, Round round, ModelState start) {
    return trainer.run(
        new Assignment(worker, round, SEED), start, SHARD, new Place("host", "1", "cpu", 0), 0);
  }

  /** Minibatch as a user of plain DL4J would make it. */
  private static DataSet minibatch(int[] examples) {
    float[] pixels = new float[examples.length * 3072];
    float[] labels = new float[examples.length * 10];
    for (int i = 0; i < examples.length; i++) {
      for (int j = 0; j < 3072; j++) {
        pixels[i * 3072 + j] = Byte.toUnsignedInt(SHARD.pixels()[examples[i] * 3072 + j]) / 255f;
      }
      labels[i * 10 + SHARD.label(examples[i])] = 1;
    }
    return new DataSet(
        Nd4j.createFromArray(pixels).reshape(examples.length, 3, 32, 32),
        Nd4j.createFromArray(labels).reshape(examples.length, 10));
  }

  static Stream<ComputationGraphConfiguration> networks() {
    Stream<IUpdater> updaters =
        Stream.of(
            new Sgd(0.01),
            new Nesterovs(0.01),
            new Adam(0.001),
            new AMSGrad(0.001),
            new Nadam(0.001),
            new AdaMax(0.001),
            new AdaGrad(0.01),
            new AdaDelta(),
            new RmsProp(0.001));
    return Stream.concat(
        Stream.of(UserNetworks.leNet(), UserNetworks.normed()),
        updaters.map(updater -> UserNetworks.mixed(updater, 1)));
  }

  /** Rounds of three steps, with the network that DL4J reads from the same JSON. */
  @ParameterizedTest
  @MethodSource("networks")
  void oneWorkerIsDl4jOnOneMachineToTheBit(ComputationGraphConfiguration network) {
    ComputationGraph plain =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(network.toJson()));
    plain.init();
    ModelState state =
        trained(
            network,
            epoch ->
                fit(
                    epoch,
                    minibatch -> {
                      plain.fit(minibatch);
                      return plain.score() - plain.calcRegularizationScore(true);
                    },
                    plain::incrementEpochCount));

    assertState(state, plain.params(), plain.getUpdater().getStateViewArray());
    GraphState.close(plain);
  }

  /** If it could, it would be on the list of updaters, whose states are averaged. */
  @Test
  void dl4jItselfCannotSetUpAdaBelief() {
    ComputationGraph graph = new ComputationGraph(UserNetworks.mixed(new AdaBelief(0.001), 1));
    graph.init();
    assertThatThrownBy(graph::getUpdater).isInstanceOf(ArrayIndexOutOfBoundsException.class);
  }

  /** Layers one after the other, as DL4J's other class of networks has them. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStackOfLayersIsDl4jsMultiLayerNetworkToTheBit(boolean yaml) {
    MultiLayerConfiguration stack = UserNetworks.stack();
    String text = yaml ? stack.toYaml() : stack.toJson();
    ConfigurationReader reader = new ConfigurationReader("--model stack", "correct it");
    ComputationGraphConfiguration network =
        reader.network(text.getBytes(StandardCharsets.UTF_8), yaml);
    MultiLayerNetwork plain = new MultiLayerNetwork(stack);
    plain.init();
    ModelState state =
        trained(
            new NetworkRules(reader, DataSchema.CIFAR10).checked(network),
            epoch ->
                fit(
                    epoch,
                    minibatch -> {
                      plain.fit(minibatch);
                      return plain.score() - plain.calcRegularizationScore(true);
                    },
                    plain::incrementEpochCount));

    assertState(state, plain.params(), plain.getUpdater().getStateViewArray());
    plain.close();
  }

  private static void assertState(ModelState state, INDArray parameters, INDArray updater) {
    assertThat(state.steps()).isEqualTo(EPOCHS * STEPS);
    assertThat(state.parameters()).containsExactly(parameters.toFloatVector());
    assertThat(state.updater())
        .containsExactly(updater == null ? new float[0] : updater.toFloatVector());
  }

  /**
   * A network after all epochs of this job's trainer.
   *
   * @param dl4j trains an epoch of DL4J's own, and returns its loss
   */
  private static ModelState trained(
      ComputationGraphConfiguration network, IntToDoubleFunction dl4j) {
    EpochPlan plan = new EpochPlan(SHARD.size(), 1, 6, 3);
    try (LocalTrainer trainer =
        new LocalTrainer(new Dl4jEngine(NetworkBlueprint.of("user", network).with(STEPS)))) {
      ModelState state = trainer.state();
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        double loss = 0;
        for (Round round : plan.rounds(epoch)) {
          WorkerUpdate update = run(trainer, 0, round, state);
          state = RoundFixture.mean(List.of(update));
          loss += update.report().lossSum();
        }
        assertThat(loss).isCloseTo(dl4j.applyAsDouble(epoch), within(1e-3 * loss));
      }
      return state;
    }
  }

  /**
   * An epoch of DL4J's own; returns the sum of the losses without regularization.
   *
   * @param step trains on a minibatch, and returns its mean loss
   * @param end counts the epoch
   */
  private static double fit(int epoch, ToDoubleFunction<DataSet> step, Runnable end) {
    int[] order = Seeds.permutation(SHARD.size(), SEED, epoch, 0);
    double loss = 0;
    for (int i = 0; i < STEPS; i++) {
      int from = SHARD.size() * i / STEPS;
      int to = SHARD.size() * (i + 1) / STEPS;
      loss += step.applyAsDouble(minibatch(Arrays.copyOfRange(order, from, to))) * (to - from);
    }
    end.run();
    return loss;
  }

  /** Of --class-weights: DL4J's own loss has an array for them. */
  @Test
  void classWeightsAreThoseOfDl4jsLoss() {
    double[] weights = {0.2, 3, 1, 1, 1, 0.5, 1, 2, 1, 1};
    ComputationGraphConfiguration own = UserNetworks.leNet();
    LayerVertex output = (LayerVertex) own.getVertices().get("output");
    ((OutputLayer) output.getLayerConf().getLayer())
        .setLossFn(new LossMCXENT(Nd4j.createFromArray(weights).castTo(DataType.FLOAT)));
    ComputationGraph plain = new ComputationGraph(own);
    plain.init();
    ComputationGraph weighted =
        NetworkBlueprint.of("user", UserNetworks.leNet())
            .with(new SoftmaxCrossEntropy(weights, 0))
            .build();
    DataSet minibatch = minibatch(Seeds.permutation(SHARD.size(), SEED, 1, 0));
    INDArray before = plain.params().dup();
    assertThat(weighted.params()).isEqualTo(before);

    plain.fit(minibatch);
    weighted.fit(minibatch);

    double most = plain.params().sub(before).amaxNumber().doubleValue();
    assertThat(most).isPositive();
    assertThat(weighted.params().sub(plain.params()).amaxNumber().doubleValue())
        .isLessThan(1e-4 * most);
  }

  @Test
  void correctPredictionsAreCounted() {
    NetworkBlueprint network = NetworkBlueprint.of("user", UserNetworks.mixed(new Sgd(0), 1));
    Dl4jEngine engine = new Dl4jEngine(network);
    try (LocalTrainer trainer = new LocalTrainer(engine)) {
      WorkerUpdate update = run(trainer, 0, new Round(1, 1, 0, 1, 1), trainer.state());
      DataSet all = minibatch(Seeds.permutation(SHARD.size(), SEED, 1, 0));
      Evaluation evaluation = new Evaluation(10);
      // In training mode, as the local step computes them.
      evaluation.eval(all.getLabels(), engine.graph().output(true, all.getFeatures())[0]);
      assertThat(update.report().correct())
          .isEqualTo((int) Math.round(evaluation.accuracy() * SHARD.size()));
    }
  }

  /** The random numbers depend on the place in training, not on what was drawn before. */
  @Test
  void dropoutIsAFunctionOfSeedEpochStepAndWorker() {
    NetworkBlueprint network =
        NetworkBlueprint.of("user", UserNetworks.mixed(new Adam(0.001), 0.5));
    assertThat(network.drawsNumbers()).isTrue();
    Round first = new Round(1, 1, 0, 2, STEPS);
    Round second = new Round(1, 2, 2, STEPS, STEPS);
    float[] kept;
    float[] other;
    ModelState middle;
    try (LocalTrainer trainer = new LocalTrainer(new Dl4jEngine(network))) {
      middle = run(trainer, 0, first, trainer.state()).state();
      kept = run(trainer, 0, second, middle).state().parameters();
      other = run(trainer, 1, second, middle).state().parameters();
    }
    Nd4j.getRandom().setSeed(System.nanoTime());
    try (LocalTrainer trainer = new LocalTrainer(new Dl4jEngine(network))) {
      assertThat(run(trainer, 0, second, middle).state().parameters()).containsExactly(kept);
    }
    assertThat(other).isNotEqualTo(kept);
  }

  /** Rounds of 3 and 1 steps with dropout: a lone worker has no job for each of them. */
  @Test
  void roundsTakenAtOnceAreThoseTakenOneByOne() {
    NetworkBlueprint network =
        NetworkBlueprint.of("user", UserNetworks.mixed(new Adam(0.001), 0.5));
    List<Round> rounds = new EpochPlan(SHARD.size(), 1, 6, 3).rounds(2);
    Place place = new Place("host", "1", "cpu", 0);
    try (LocalTrainer trainer = new LocalTrainer(new Dl4jEngine(network))) {
      ModelState start = trainer.state();
      List<WorkerReport> reports = new ArrayList<>();
      ModelState state = start;
      for (Round round : rounds) {
        WorkerUpdate update = run(trainer, 0, round, state);
        reports.add(update.report());
        state = update.state();
      }

      List<Assignment> all = rounds.stream().map(each -> new Assignment(0, each, SEED)).toList();
      WorkerUpdate atOnce = trainer.run(all, start, SHARD, place, 0.25);

      assertThat(atOnce.state().parametersSha256()).isEqualTo(state.parametersSha256());
      assertThat(atOnce.state().updater()).isEqualTo(state.updater());
      assertThat(atOnce.state().steps()).isEqualTo(STEPS);
      assertThat(atOnce.reports())
          .extracting(WorkerReport::examples, WorkerReport::lossSum, WorkerReport::correct)
          .containsExactlyElementsOf(
              reports.stream()
                  .map(each -> tuple(each.examples(), each.lossSum(), each.correct()))
                  .toList());
      assertThat(atOnce.reports().stream().map(report -> report.seconds().receive()))
          .containsExactly(0.25, 0.0);
      assertThat(atOnce.reports().get(0).seconds().extract()).isZero();
      assertThat(atOnce.report().seconds().extract()).isPositive();
    }
  }

  /** DL4J keeps logarithms of standard deviations; the mean must be that of the variances. */
  @Test
  void runningVariancesAreAveragedAsVariances() {
    NetworkBlueprint network = NetworkBlueprint.of("user", UserNetworks.mixed(new Sgd(0.01), 1));
    ParameterLayout layout;
    Dl4jEngine engine = new Dl4jEngine(network);
    try (LocalTrainer trainer = new LocalTrainer(engine)) {
      layout = ParameterLayout.of(engine.graph());
      LogDeviations deviations = LogDeviations.of(layout);
      ParameterBlock block =
          layout.blocks("norm").stream()
              .filter(ParameterBlock::isLogDeviation)
              .findFirst()
              .orElseThrow();
      ModelState start = trainer.state();
      ModelState other = logs(start, block, -1.5f);
      Round round = new Round(1, 1, 0, 1, 1);
      WorkerUpdate one = new WorkerUpdate(run(trainer, 0, round, start).report(), start);
      WorkerUpdate two = new WorkerUpdate(run(trainer, 1, round, start).report(), other);

      ModelState mean =
          deviations.logarithms(
              RoundFixture.mean(
                  Stream.of(one, two)
                      .map(
                          sent ->
                              new WorkerUpdate(sent.report(), deviations.variances(sent.state())))
                      .toList()));

      double variance = (Math.pow(10, 2 * start.parameters()[block.offset()]) + 1e-3) / 2;
      assertThat(mean.parameters()[block.offset()])
          .isCloseTo((float) (Math.log10(variance) / 2), within(1e-6f));
      float[] weights = mean.parameters().clone();
      System.arraycopy(start.parameters(), block.offset(), weights, block.offset(), block.length());
      assertThat(weights).containsExactly(start.parameters());
      assertThat(layout.nonTrainable()).isEqualTo(2 * 8 + 2 * 4);
    }
  }

  /** Ours are variances as they are. */
  @Test
  void runningStatisticsOfOurNormsAreAveragedAsTheyAre() {
    NetworkBlueprint network = NetworkBlueprint.of("user", UserNetworks.normed());
    Dl4jEngine engine = new Dl4jEngine(network);
    try (LocalTrainer trainer = new LocalTrainer(engine)) {
      ParameterLayout layout = ParameterLayout.of(engine.graph());
      // The norms' statistics, those inside the involution, and the filters that do not learn.
      assertThat(layout.nonTrainable()).isEqualTo(3 * 2 * 4 + 2 * 2 + 4 * 27);
      ModelState start = trainer.state();
      WorkerUpdate one = run(trainer, 0, new Round(1, 1, 0, 1, STEPS), start);
      WorkerUpdate two = run(trainer, 1, new Round(1, 1, 1, 2, STEPS), start);
      ModelState mean = LogDeviations.of(layout).logarithms(RoundFixture.mean(List.of(one, two)));
      for (ParameterBlock block : layout.blocks("after")) {
        int at = block.offset();
        double examples = one.report().examples() + two.report().examples();
        double expected =
            (one.report().examples() * (double) one.state().parameters()[at]
                    + two.report().examples() * (double) two.state().parameters()[at])
                / examples;
        assertThat(mean.parameters()[at]).isEqualTo((float) expected);
        assertThat(one.state().parameters()[at]).isNotEqualTo(two.state().parameters()[at]);
      }
    }
  }

  private static ModelState logs(ModelState state, ParameterBlock block, float log) {
    float[] parameters = state.parameters().clone();
    Arrays.fill(parameters, block.offset(), block.end(), log);
    return state.with(ModelState.PARAMETERS, parameters);
  }
}
