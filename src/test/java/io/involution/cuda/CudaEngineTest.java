package io.involution.cuda;

import static io.involution.cuda.CudaEngineFixture.blueprint;
import static io.involution.cuda.CudaEngineFixture.dense;
import static io.involution.cuda.CudaEngineFixture.shard;
import static io.involution.cuda.CudaEngineFixture.singles;
import static io.involution.cuda.CudaEngineFixture.steps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.involution.cuda.driver.CudaFault;
import io.involution.data.Shard;
import io.involution.evaluate.Evaluation;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.train.Dl4jEngine;
import io.involution.train.LocalSteps;
import io.involution.train.StepEngine;
import io.involution.train.WorkerUpdate;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Local steps by the kernels, on the emulated device. */
class CudaEngineTest {
  private CudaEngine engine;

  @BeforeEach
  void play() {
    EmulatedCuda.fresh();
  }

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
    EmulatedCuda.reset();
  }

  private CudaEngine opened(NetworkBlueprint blueprint) {
    if (engine != null) {
      engine.close();
    }
    engine = new CudaEngine(blueprint, EmulatedCuda.library(), 0);
    return engine;
  }

  static Stream<Named<NetworkBlueprint>> networks() {
    return Stream.concat(
            Stream.of(dense(), CudaEngineFixture.residual(), CudaEngineFixture.muon()),
            NetworkKind.SMALL.stream().map(CudaEngineFixture::blueprint))
        .map(network -> Named.of(network.label(), network));
  }

  private static void assertSame(ModelState state, ModelState other) {
    assertThat(state.steps()).isEqualTo(other.steps());
    assertThat(state.parameters()).isEqualTo(other.parameters());
    assertThat(state.updater()).isEqualTo(other.updater());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void takesTheStepsThatDl4jTakes(NetworkBlueprint blueprint) {
    ModelState start = GraphState.initial(blueprint);
    Shard shard = shard(11, 1);
    WorkerUpdate ours = steps(opened(blueprint), start, shard, 0, 4, 4);
    Evaluation seen = engine.evaluate(shard);
    float[][] probabilities = engine.probabilities(shard);
    try (StepEngine dl4j = new Dl4jEngine(blueprint)) {
      WorkerUpdate theirs = steps(dl4j, start, shard, 0, 4, 4);
      assertThat(ours.report().correct()).isEqualTo(theirs.report().correct());
      assertThat(ours.report().lossSum()).isCloseTo(theirs.report().lossSum(), within(1e-3));
      assertThat(distance(ours.state().parameters(), theirs.state().parameters())).isLessThan(1e-3);
      assertThat(distance(ours.state().updater(), theirs.state().updater())).isLessThan(1e-3);
      dl4j.restore(ours.state());
      assertThat(seen.lossSum()).isCloseTo(dl4j.evaluate(shard).lossSum(), within(1e-4));
      float[][] expected = dl4j.probabilities(shard);
      for (int i = 0; i < expected.length; i++) {
        assertThat(probabilities[i]).containsExactly(expected[i], within(1e-5f));
      }
    }
  }

  /** The relative distance of two vectors. */
  private static double distance(float[] one, float[] other) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < one.length; i++) {
      difference += Math.pow(one[i] - other[i], 2);
      length += Math.pow(other[i], 2);
    }
    return Math.sqrt(difference / length);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void threadsInAnyOrderAndRoundsInPartsGiveTheSameBits(NetworkBlueprint blueprint) {
    Shard shard = shard(11, 2);
    CudaEngine whole = opened(blueprint);
    ModelState start = whole.capture();
    ModelState end = steps(whole, start, shard, 0, 4, 4).state();
    EmulatedCuda.set("ORDER", 1);
    CudaEngine parts = opened(blueprint);
    ModelState between = steps(parts, start, shard, 0, 1, 4).state();
    EmulatedCuda.set("ORDER", 5);
    between = steps(parts, between, shard, 1, 2, 4).state();
    CudaEngine another = opened(blueprint);
    assertSame(steps(another, between, shard, 2, 4, 4).state(), end);
  }

  /** Of more workers than test examples, some have none. */
  @Test
  void aShardWithoutExamplesGivesNothing() {
    CudaEngine engine = opened(dense());

    assertThat(engine.evaluate(shard(0, 1)).examples()).isZero();
    assertThat(engine.probabilities(shard(0, 1))).isEmpty();
  }

  @Test
  void shardsAndMinibatchesOfOtherSizesLeaveNothingBehind() {
    CudaEngine shared = opened(dense());
    ModelState start = shared.capture();
    Shard[] shards = {shard(11, 3), shard(6, 4), shard(12, 5), shard(9, 6)};
    ModelState[] ends = new ModelState[shards.length];
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < shards.length; i++) {
        shared.evaluate(shards[i]);
        ends[i] = steps(shared, start, shards[i], 0, 2, 2 + i).state();
      }
    }
    for (int i = 0; i < shards.length; i++) {
      assertSame(steps(opened(dense()), start, shards[i], 0, 2, 2 + i).state(), ends[i]);
    }
  }

  @Test
  void shardsMakeRoomForEachOther() {
    EmulatedCuda.set("MEMORY", 4_000_000);
    ModelState start = opened(dense()).capture();
    Shard[] shards = {shard(5_000, 3), shard(5_000, 4), shard(5_000, 5)};
    ModelState[] ends = new ModelState[shards.length];
    for (int i = 0; i < 2 * shards.length; i++) {
      Shard shard = shards[i % shards.length];
      ends[i % shards.length] = steps(engine, start, shard, 0, 1, 1_000).state();
      engine.probabilities(shard(5_000, 6));
    }
    EmulatedCuda.set("MEMORY", 1L << 34);
    for (int i = 0; i < shards.length; i++) {
      assertSame(steps(opened(dense()), start, shards[i], 0, 1, 1_000).state(), ends[i]);
    }
  }

  @Test
  void enginesOfSeveralThreadsShareADevice() {
    ModelState start = opened(dense()).capture();
    ModelState expected = steps(engine, start, shard(30, 3), 0, 10, 10).state();
    List<CompletableFuture<ModelState>> ends =
        Stream.of(1, 2, 3).map(thread -> CompletableFuture.supplyAsync(() -> end(start))).toList();
    ends.forEach(end -> assertSame(end.join(), expected));
  }

  private static ModelState end(ModelState start) {
    try (CudaEngine own = new CudaEngine(dense(), EmulatedCuda.library(), 0)) {
      steps(own, start, shard(30, 4), 0, 5, 10);
      return steps(own, start, shard(30, 3), 0, 10, 10).state();
    }
  }

  @Test
  void beginsWithTheNetworksInitialWeights() {
    assertSame(opened(dense()).capture(), GraphState.initial(dense()));
  }

  @Test
  void givesBackTheStateThatItGot() {
    ModelState start = opened(dense()).capture();
    float[] updater = start.updater().clone();
    for (int i = 0; i < updater.length; i++) {
      updater[i] = i + 0.5f;
    }
    ModelState state = ModelState.of(77, start.parameters(), updater);
    engine.restore(state);
    assertSame(engine.capture(), state);
  }

  @Test
  void anEmptyUpdaterStateResetsTheUpdaterAsDl4jDoes() {
    NetworkBlueprint blueprint = dense();
    Shard shard = shard(8, 7);
    ModelState start = ModelState.of(9, opened(dense()).capture().parameters(), new float[0]);
    ModelState ours = steps(engine, start, shard, 0, 2, 2).state();
    try (StepEngine dl4j = new Dl4jEngine(blueprint)) {
      ModelState theirs = steps(dl4j, start, shard, 0, 2, 2).state();
      assertThat(ours.steps()).isEqualTo(theirs.steps()).isEqualTo(11);
      assertThat(distance(ours.parameters(), theirs.parameters())).isLessThan(1e-3);
    }
  }

  @Test
  void refusesAnotherNetworksState() {
    opened(dense());
    ModelState other = GraphState.initial(blueprint(NetworkKind.CONVOLUTION));
    assertThatThrownBy(() -> engine.restore(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("parameters of " + other.parameters().length + " entries");
  }

  @Test
  void lossesThatAreNotNumbersGoThrough() {
    ModelState start = opened(dense()).capture();
    float[] broken = start.parameters().clone();
    broken[broken.length - 1] = Float.NaN;
    WorkerUpdate update =
        steps(engine, ModelState.of(0, broken, start.updater()), shard(6, 8), 0, 3, 3);
    assertThat(update.report().lossSum()).isNaN();
    assertThat(update.report().correct()).isZero();
    assertThat(update.state().steps()).isEqualTo(3);
  }

  @Test
  void stopsWhenTheRoundIsCanceled() {
    ModelState start = opened(dense()).capture();
    int[] looks = {0};
    LocalSteps steps = singles(shard(40, 9));
    assertThatThrownBy(() -> engine.take(steps, () -> ++looks[0] == 2))
        .isInstanceOf(CancellationException.class);
    assertThat(looks[0]).isEqualTo(2);
    assertSame(
        steps(engine, start, shard(6, 1), 0, 2, 2).state(),
        steps(opened(dense()), start, shard(6, 1), 0, 2, 2).state());
  }

  @Test
  void namesTheMemoryThatIsMissing() {
    EmulatedCuda.set("MEMORY", 4_000_000);
    opened(dense());
    ModelState start = engine.capture();
    assertThatThrownBy(() -> steps(engine, start, shard(20_000, 1), 0, 1, 10_000))
        .isInstanceOfSatisfying(
            CudaFault.class,
            fault -> assertThat(fault.kind()).isEqualTo(CudaFault.Kind.OUT_OF_MEMORY))
        .hasMessageMatching("needed 4.1 MiB, free are [0-9.]+ of 3.8 MiB: .*OUT_OF_MEMORY.*");
  }
}
