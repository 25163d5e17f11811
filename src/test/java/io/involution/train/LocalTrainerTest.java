package io.involution.train;

import static io.involution.model.FloatBits.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import io.involution.compute.NativeThreads;
import io.involution.config.InvolutionOptions;
import io.involution.config.training.EvaluationOptions.TestTime;
import io.involution.config.training.OptimizerChoice;
import io.involution.config.training.OptimizerOptions;
import io.involution.config.training.UpdaterStateChoice;
import io.involution.config.value.Augmentation;
import io.involution.data.ImageShape;
import io.involution.data.ImageView;
import io.involution.data.Shard;
import io.involution.data.ShardFixture;
import io.involution.data.ShardRange;
import io.involution.evaluate.Evaluation;
import io.involution.model.LearningRate;
import io.involution.model.SmallNetwork;
import io.involution.model.network.LocalRule;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.train.average.UpdateCheck;
import io.involution.train.time.EpochPlan;
import io.involution.train.time.Round;
import io.involution.train.time.Seeds;
import io.involution.train.time.Views;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;

/**
 * Parameter averaging against what it has to equal: one worker is plain DL4J on one machine, plain
 * SGD averaged every step is the large batch.
 */
class LocalTrainerTest {
  private static final long SEED = 42;
  private static final int EPOCHS = 2;

  /** 22 examples in minibatches of at most 6: 4 steps of 5, 6, 5 and 6. */
  private static final Shard SHARD = ShardFixture.random(22, 1);

  @BeforeAll
  static void singleThreaded() {
    NativeThreads.useOne();
  }

  private static NetworkBlueprint network(NetworkKind kind) {
    return NetworkBlueprint.of(kind.label(), kind.configuration(new NetworkOptions(SEED, 0.001)));
  }

  /** The optimizers beside Adam, with the state that each has. */
  private static Stream<Named<NetworkBlueprint>> otherRules() {
    return Stream.of(
        named(NetworkKind.INVOLUTION, OptimizerChoice.NESTEROVS),
        named(NetworkKind.CONVOLUTION, OptimizerChoice.MUON));
  }

  private static Stream<Named<NetworkBlueprint>> networks() {
    return Stream.concat(
        NetworkKind.SMALL.stream().map(kind -> named(kind, OptimizerChoice.ADAM)), otherRules());
  }

  private static Named<NetworkBlueprint> named(NetworkKind kind, OptimizerChoice optimizer) {
    LocalRule rule =
        new LocalRule(OptimizerOptions.of(optimizer, 0.01), LearningRate.constant(0.001));
    return Named.of(
        kind.label() + " by " + optimizer.word(),
        NetworkBlueprint.of(
            kind.label(),
            kind.configuration(new NetworkOptions(SEED, rule, InvolutionOptions.REFERENCE))));
  }

  private static NetworkBlueprint convolution() {
    return network(NetworkKind.CONVOLUTION);
  }

  private static WorkerUpdate run(
      LocalTrainer trainer, Assignment assignment, ModelState start, Shard shard) {
    return trainer.run(assignment, start, shard, new Place("host", "1", "cpu", 0), 0);
  }

  /** Minibatch as a user of plain DL4J would make it. */
  private static DataSet minibatch(Shard shard, int[] examples) {
    float[] pixels = new float[examples.length * 3072];
    float[] labels = new float[examples.length * 10];
    for (int i = 0; i < examples.length; i++) {
      for (int j = 0; j < 3072; j++) {
        pixels[i * 3072 + j] = Byte.toUnsignedInt(shard.pixels()[examples[i] * 3072 + j]) / 255f;
      }
      labels[i * 10 + shard.label(examples[i])] = 1;
    }
    return new DataSet(
        Nd4j.createFromArray(pixels).reshape(examples.length, 3, 32, 32),
        Nd4j.createFromArray(labels).reshape(examples.length, 10));
  }

  /** The minibatches of an epoch: the shuffled shard cut at floor(size x step / steps). */
  private static List<int[]> minibatches(int size, int steps, int epoch, int worker) {
    int[] order = Seeds.permutation(size, SEED, epoch, worker);
    List<int[]> minibatches = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      minibatches.add(Arrays.copyOfRange(order, size * step / steps, size * (step + 1) / steps));
    }
    return minibatches;
  }

  /** The driver's loop with one worker, through the same mean as with many. */
  private static ModelState average(LocalTrainer trainer, EpochPlan plan, ModelState start) {
    return average(trainer, plan, start, EPOCHS);
  }

  private static ModelState average(
      LocalTrainer trainer, EpochPlan plan, ModelState start, int epochs) {
    ModelState state = start;
    for (int epoch = 1; epoch <= epochs; epoch++) {
      for (Round round : plan.rounds(epoch)) {
        WorkerUpdate result = run(trainer, new Assignment(0, round, SEED), state, SHARD);
        state = RoundFixture.mean(List.of(result));
      }
    }
    return state;
  }

  private static void assertSameBits(ModelState found, ModelState expected) {
    assertThat(found.steps()).isEqualTo(expected.steps());
    assertThat(found.names()).isEqualTo(expected.names());
    for (String name : expected.names()) {
      assertThat(Arrays.mismatch(bits(found.section(name)), bits(expected.section(name))))
          .as("first entry of %s that differs", name)
          .isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CONVOLUTION, 1, 2",
    "CONVOLUTION, 3, 2",
    "CONVOLUTION, 4, 2",
    "INVOLUTION, 1, 2",
    "INVOLUTION, 3, 2",
    "INVOLUTION, 4, 2",
    "DEEP_CONVOLUTION, 3, 1",
    "DEEP_INVOLUTION, 3, 1",
    "RESNET, 3, 1",
    "REDNET, 3, 1"
  })
  void oneWorkerIsPlainDl4jOnOneMachineToTheBit(NetworkKind kind, int averagingPeriod, int epochs) {
    requireBitsOfOneMachine(network(kind), averagingPeriod, epochs);
  }

  @ParameterizedTest
  @MethodSource("otherRules")
  void oneWorkersRuleIsThatOfOneMachineToTheBit(NetworkBlueprint network) {
    requireBitsOfOneMachine(network, 3, EPOCHS);
  }

  private static void requireBitsOfOneMachine(
      NetworkBlueprint network, int averagingPeriod, int epochs) {
    EpochPlan plan = new EpochPlan(SHARD.size(), 1, 6, averagingPeriod);
    ComputationGraph plain = network.build();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      for (int[] examples : minibatches(SHARD.size(), 4, epoch, 0)) {
        plain.fit(minibatch(SHARD, examples));
      }
    }

    ModelState end;
    try (LocalTrainer trainer = new LocalTrainer(new Dl4jEngine(network))) {
      end = average(trainer, plan, trainer.state(), epochs);
    }

    assertThat(end.steps())
        .isEqualTo(plain.getConfiguration().getIterationCount())
        .isEqualTo(4L * epochs);
    assertThat(bits(end.parameters())).isEqualTo(bits(plain.params().toFloatVector()));
    assertThat(bits(end.updater()))
        .isEqualTo(bits(plain.getUpdater().getStateViewArray().toFloatVector()));
    assertThat(end.updater()).isNotEmpty();
    GraphState.close(plain);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void freshTrainerForEveryRoundGivesTheBitsOfOneThatIsKept(NetworkBlueprint network) {
    EpochPlan plan = new EpochPlan(SHARD.size(), 1, 6, 3);
    ModelState kept;
    ModelState start;
    try (LocalTrainer trainer = new LocalTrainer(new Dl4jEngine(network))) {
      start = trainer.state();
      kept = average(trainer, plan, start);
    }

    ModelState state = start;
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      for (Round round : plan.rounds(epoch)) {
        try (LocalTrainer trainer = new LocalTrainer(new Dl4jEngine(network))) {
          state = run(trainer, new Assignment(0, round, SEED), state, SHARD).state();
        }
      }
    }

    assertSameBits(state, kept);
  }

  /** Nobody else's moments come in, so that it does not matter who keeps them. */
  @ParameterizedTest
  @MethodSource("networks")
  void oneWorkersOwnUpdaterGivesTheBitsOfTheAveraged(NetworkBlueprint network) {
    EpochPlan plan = new EpochPlan(SHARD.size(), 1, 6, 3);
    UpdaterSections local = new UpdaterSections(UpdaterStateChoice.LOCAL);
    try (LocalTrainer trainer = new LocalTrainer(new Dl4jEngine(network))) {
      ModelState start = trainer.state();
      ModelState averaged = average(trainer, plan, start);
      ModelState state = local.initial(start, 1);
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        for (Round round : plan.rounds(epoch)) {
          state = round(trainer, local, round, state, List.of(SHARD));
        }
      }

      assertThat(state.updater()).isEmpty();
      assertThat(bits(state.parameters())).isEqualTo(bits(averaged.parameters()));
      assertThat(bits(state.section(ModelState.ownUpdater(0)))).isEqualTo(bits(averaged.updater()));
    }
  }

  /** Two workers with networks of their own, which nothing but the parameters' mean connects. */
  @Test
  void everyWorkerGoesOnWithItsOwnUpdater() {
    EpochPlan plan = new EpochPlan(44, 2, 6, 3);
    List<Shard> shards = List.of(SHARD, ShardFixture.random(22, 2));
    UpdaterSections local = new UpdaterSections(UpdaterStateChoice.LOCAL);
    List<ComputationGraph> plain = List.of(convolution().build(), convolution().build());
    try (LocalTrainer trainer = new LocalTrainer(new Dl4jEngine(convolution()))) {
      ModelState state = local.initial(trainer.state(), 2);
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        for (Round round : plan.rounds(epoch)) {
          state = round(trainer, local, round, state, shards);
          float[] mean = new float[state.parameters().length];
          for (int worker = 0; worker < 2; worker++) {
            List<int[]> all = minibatches(22, plan.stepsPerEpoch(), epoch, worker);
            for (int[] examples : all.subList(round.firstStep(), round.lastStep())) {
              plain.get(worker).fit(minibatch(shards.get(worker), examples));
            }
          }
          float[] first = plain.get(0).params().toFloatVector();
          float[] second = plain.get(1).params().toFloatVector();
          for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (((double) first[i] + second[i]) / 2);
          }
          plain.forEach(graph -> graph.setParams(Nd4j.createFromArray(mean)));
        }
      }

      assertThat(bits(state.parameters())).isEqualTo(bits(plain.get(0).params().toFloatVector()));
      for (int worker = 0; worker < 2; worker++) {
        assertThat(bits(state.section(ModelState.ownUpdater(worker))))
            .isEqualTo(bits(plain.get(worker).getUpdater().getStateViewArray().toFloatVector()));
      }
    }
    plain.forEach(ComputationGraph::close);
  }

  /** A network built anew with the last round's parameters has a fresh Adam. */
  @ParameterizedTest
  @MethodSource("networks")
  void resetUpdaterBeginsEveryRoundAfresh(NetworkBlueprint network) {
    EpochPlan plan = new EpochPlan(SHARD.size(), 1, 6, 3);
    UpdaterSections reset = new UpdaterSections(UpdaterStateChoice.RESET);
    try (LocalTrainer trainer = new LocalTrainer(new Dl4jEngine(network))) {
      ModelState state = reset.initial(trainer.state(), 1);
      float[] expected = state.parameters();
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        for (Round round : plan.rounds(epoch)) {
          state = round(trainer, reset, round, state, List.of(SHARD));
          ComputationGraph fresh = network.build();
          fresh.setParams(Nd4j.createFromArray(expected));
          List<int[]> all = minibatches(SHARD.size(), 4, epoch, 0);
          for (int[] examples : all.subList(round.firstStep(), round.lastStep())) {
            fresh.fit(minibatch(SHARD, examples));
          }
          expected = fresh.params().toFloatVector();
          GraphState.close(fresh);
        }
      }

      assertThat(state.steps()).isEqualTo(8);
      assertThat(state.updater()).isEmpty();
      assertThat(bits(state.parameters())).isEqualTo(bits(expected));
    }
  }

  /** A round as the driver and the workers' tasks share it. */
  private static ModelState round(
      LocalTrainer trainer,
      UpdaterSections sections,
      Round round,
      ModelState state,
      List<Shard> shards) {
    List<WorkerUpdate> updates = new ArrayList<>();
    for (int worker = 0; worker < shards.size(); worker++) {
      ModelState start = state.shared();
      if (state.names().contains(ModelState.ownUpdater(worker))) {
        start = sections.start(start, state.section(ModelState.ownUpdater(worker)));
      }
      WorkerUpdate result =
          run(trainer, new Assignment(worker, round, SEED), start, shards.get(worker));
      updates.add(sections.end(result));
    }
    UpdateCheck check = new UpdateCheck("test", round, state);
    for (int worker = 0; worker < updates.size(); worker++) {
      assertThat(check.fault(worker, updates.get(worker))).isEmpty();
    }
    return RoundFixture.mean(updates);
  }

  @Test
  void augmentedImagesAreThoseOfTheEpochsViews() {
    Round round = new Round(2, 1, 0, 4, 4);
    try (LocalTrainer trainer = new LocalTrainer(new Dl4jEngine(convolution()))) {
      ModelState start = trainer.state();
      byte[] pixels = new byte[SHARD.pixels().length];
      Augmentation augmentation = Augmentation.parse("alternate-flip,reflect-shift:3,cutout:9");
      long[] views = new Views(augmentation, SEED, 2, 1).of(SHARD.size(), SHARD.image());
      for (int place = 0; place < pixels.length; place++) {
        int example = place / 3072;
        ImageView view = ImageView.of(views[example]);
        int row = view.sourceRow(place / 32 % 32, 32);
        int column = view.sourceColumn(place % 32, 32);
        // Without normalization, 0 is black.
        pixels[place] =
            view.cutout().holds(place / 32 % 32, place % 32)
                ? 0
                : SHARD.pixels()[place - place % 1024 + row * 32 + column];
      }
      Shard changed = new Shard(SHARD.image(), SHARD.classes(), pixels, SHARD.labels());

      ModelState augmented =
          run(trainer, new Assignment(1, round, SEED, augmentation), start, SHARD).state();

      assertSameBits(
          augmented, run(trainer, new Assignment(1, round, SEED), start, changed).state());
      assertThat(augmented.parametersSha256())
          .isNotEqualTo(
              run(trainer, new Assignment(1, round, SEED), start, SHARD)
                  .state()
                  .parametersSha256());
    }
  }

  /** A retried task may find a network that another worker, or a failed round, has left behind. */
  @Test
  void roundIsAPureFunctionOfItsArguments() {
    Round round = new EpochPlan(44, 2, 6, 3).rounds(1).get(1);
    Shard other = ShardFixture.random(22, 2);
    try (LocalTrainer trainer = new LocalTrainer(new Dl4jEngine(convolution()))) {
      ModelState start = trainer.state();
      float[] parameters = start.parameters().clone();
      float[] updater = start.updater().clone();
      byte[] pixels = SHARD.pixels().clone();
      WorkerUpdate first = run(trainer, new Assignment(1, round, SEED), start, SHARD);
      run(trainer, new Assignment(0, round, SEED), first.state(), other);
      trainer.evaluate(first.state(), other, TestTime.NONE);

      WorkerUpdate again = run(trainer, new Assignment(1, round, SEED), start, SHARD);

      assertSameBits(again.state(), first.state());
      assertThat(again.report().lossSum()).isEqualTo(first.report().lossSum());
      assertThat(again.report().correct()).isEqualTo(first.report().correct());
      assertThat(start.parameters()).isEqualTo(parameters);
      assertThat(start.updater()).isEqualTo(updater);
      assertThat(SHARD.pixels()).isEqualTo(pixels);
    }
  }

  @Test
  void workerEpochAndSeedChangeTheResult() {
    Round round = new Round(1, 1, 0, 1, 4);
    try (LocalTrainer trainer =
        new LocalTrainer(new Dl4jEngine(SmallNetwork.linear(new Sgd(0.1))))) {
      ModelState start = trainer.state();
      List<String> digests = new ArrayList<>();
      for (Assignment assignment :
          List.of(
              new Assignment(0, round, SEED),
              new Assignment(1, round, SEED),
              new Assignment(0, new Round(2, 1, 0, 1, 4), SEED),
              new Assignment(0, round, SEED + 1))) {
        digests.add(run(trainer, assignment, start, SHARD).state().parametersSha256());
      }
      assertThat(digests).doesNotHaveDuplicates();
    }
  }

  /** So is SGD with momentum: both are linear in the gradients. */
  @ParameterizedTest
  @MethodSource("linearRules")
  void plainSgdAveragedEveryStepIsTheLargeBatch(IUpdater rule) {
    int workers = 4;
    Shard all = ShardFixture.random(48, 3);
    List<Shard> shards = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      shards.add(part(all, ShardRange.of(worker, workers, all.size())));
    }
    EpochPlan plan = new EpochPlan(all.size(), workers, 4, 1);
    ComputationGraph large = SmallNetwork.convolution(rule).build();

    ModelState state;
    ModelState start;
    try (LocalTrainer trainer = new LocalTrainer(new Dl4jEngine(SmallNetwork.convolution(rule)))) {
      start = trainer.state();
      state = start;
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        for (Round round : plan.rounds(epoch)) {
          List<WorkerUpdate> updates = new ArrayList<>();
          List<Integer> union = new ArrayList<>();
          for (int worker = 0; worker < workers; worker++) {
            Assignment assignment = new Assignment(worker, round, SEED);
            updates.add(run(trainer, assignment, state, shards.get(worker)));
            for (int example : minibatches(12, 3, epoch, worker).get(round.firstStep())) {
              union.add(12 * worker + example);
            }
          }
          assertThat(union).hasSize(16);
          state = RoundFixture.mean(updates);
          large.fit(minibatch(all, union.stream().mapToInt(Integer::intValue).toArray()));
        }
      }
    }

    assertThat(state.updater()).hasSize((int) rule.stateSize(large.numParams()));
    float[] expected = large.params().toFloatVector();
    double largest = 0;
    double difference = 0;
    double moved = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - state.parameters()[i]));
      moved = Math.max(moved, Math.abs(expected[i] - start.parameters()[i]));
    }
    assertThat(difference / largest).isLessThan(1e-5);
    assertThat(moved / largest).as("training has moved the weights").isGreaterThan(1e-2);
    GraphState.close(large);
  }

  private static Stream<IUpdater> linearRules() {
    LearningRate rate = new LearningRate(0.1, 2, 9);
    return Stream.of(
        new Sgd(0.1),
        Nesterovs.builder().learningRate(0.1).momentum(0).build(),
        Nesterovs.builder().learningRateSchedule(rate).momentum(0.9).build());
  }

  private static Shard part(Shard all, ShardRange range) {
    return new Shard(
        all.image(),
        all.classes(),
        Arrays.copyOfRange(
            all.pixels(),
            range.from() * ImageShape.CIFAR10.pixels(),
            range.to() * ImageShape.CIFAR10.pixels()),
        Arrays.copyOfRange(all.labels(), range.from(), range.to()));
  }

  @Test
  void countsAreThoseOfEachMinibatchBeforeItsStep() {
    Round round = new Round(1, 1, 1, 4, 4);
    ComputationGraph plain = convolution().build();
    double lossSum = 0;
    int correct = 0;
    int examples = 0;
    for (int[] chosen : minibatches(SHARD.size(), 4, 1, 2).subList(1, 4)) {
      DataSet minibatch = minibatch(SHARD, chosen);
      INDArray probabilities = plain.outputSingle(false, minibatch.getFeatures());
      for (int i = 0; i < chosen.length; i++) {
        int label = SHARD.label(chosen[i]);
        lossSum -= Math.log(probabilities.getDouble(i, label));
        int predicted = 0;
        for (int j = 1; j < 10; j++) {
          predicted =
              probabilities.getFloat(i, j) > probabilities.getFloat(i, predicted) ? j : predicted;
        }
        correct += predicted == label ? 1 : 0;
        examples++;
      }
      plain.fit(minibatch);
    }

    try (LocalTrainer trainer = new LocalTrainer(new Dl4jEngine(convolution()))) {
      WorkerUpdate result = run(trainer, new Assignment(2, round, SEED), trainer.state(), SHARD);

      assertThat(result.report().examples()).isEqualTo(examples).isEqualTo(17);
      assertThat(result.report().correct()).isEqualTo(correct);
      assertThat(result.report().lossSum()).isCloseTo(lossSum, offset(1e-5 * lossSum));
      assertThat(result.state().steps()).isEqualTo(3);
    }
    GraphState.close(plain);
  }

  /** All workers' step counts have to agree for the driver to get as far as the loss. */
  @Test
  void divergedRoundComesBackWithAllItsSteps() {
    try (LocalTrainer trainer =
        new LocalTrainer(new Dl4jEngine(SmallNetwork.linear(new Adam(0.001))))) {
      ModelState sound = trainer.state();
      float[] parameters = sound.parameters().clone();
      parameters[17] = Float.NaN;
      ModelState broken = sound.with(ModelState.PARAMETERS, parameters);
      Round round = new Round(1, 1, 0, 4, 4);

      WorkerUpdate diverged = run(trainer, new Assignment(0, round, SEED), broken, SHARD);
      WorkerUpdate other = run(trainer, new Assignment(1, round, SEED), sound, SHARD);

      assertThat(diverged.report().lossSum()).isNaN();
      assertThat(other.report().lossSum()).isFinite();
      assertThat(diverged.state().steps()).isEqualTo(4);
      ModelState mean = RoundFixture.mean(List.of(diverged, other));
      assertThat(mean.isFinite()).isFalse();
    }
  }

  @Test
  void evaluationCountsEveryExampleAndLeavesTheStateAlone() {
    Shard test = ShardFixture.random(300, 5);
    try (LocalTrainer trainer =
        new LocalTrainer(new Dl4jEngine(SmallNetwork.linear(new Adam(0.001))))) {
      ModelState start = trainer.state();
      ModelState trained =
          run(trainer, new Assignment(0, new Round(1, 1, 0, 4, 4), SEED), start, SHARD).state();

      Evaluation evaluation = trainer.evaluate(start, test, TestTime.NONE);

      assertThat(evaluation.examples()).isEqualTo(300);
      assertSameBits(trainer.state(), start);
      assertThat(trainer.evaluate(trained, test, TestTime.NONE).lossSum())
          .isNotEqualTo(evaluation.lossSum());
      assertThat(trainer.evaluate(start, test, TestTime.NONE).lossSum())
          .isEqualTo(evaluation.lossSum());
    }
  }

  @Test
  void stateOfAnotherNetworkIsRefused() {
    try (LocalTrainer trainer =
        new LocalTrainer(new Dl4jEngine(SmallNetwork.linear(new Sgd(0.1))))) {
      ModelState other = ModelState.of(0, new float[5], new float[0]);
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> run(trainer, new Assignment(0, new Round(1, 1, 0, 1, 1), SEED), other, SHARD));
    }
  }

  @Test
  void networkWithALossThatCountsNothingIsRefused() {
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(32, 32, 3))
            .addLayer("output", new OutputLayer.Builder(new LossKLD()).nOut(10).build(), "input")
            .setOutputs("output")
            .build();
    NetworkBlueprint blueprint = NetworkBlueprint.of("other", configuration);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LocalTrainer(new Dl4jEngine(blueprint)))
        .withMessageContaining("the loss of other");
  }

  @Test
  void captureIsACopy() {
    Dl4jEngine engine = new Dl4jEngine(SmallNetwork.linear(new Adam(0.001)));
    try (LocalTrainer trainer = new LocalTrainer(engine)) {
      ModelState state = GraphState.capture(engine.graph());
      float before = state.parameters()[0];
      run(trainer, new Assignment(0, new Round(1, 1, 0, 4, 4), SEED), state, SHARD);
      assertThat(state.parameters()[0]).isEqualTo(before);
      assertThat(trainer.state().parameters()[0]).isNotEqualTo(before);
    }
  }
}
