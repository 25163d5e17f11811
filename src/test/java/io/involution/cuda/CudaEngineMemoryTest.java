package io.involution.cuda;

import static io.involution.cuda.CudaEngineFixture.dense;
import static io.involution.cuda.CudaEngineFixture.muon;
import static io.involution.cuda.CudaEngineFixture.shard;
import static io.involution.cuda.CudaEngineFixture.steps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.CudaFault;
import io.involution.data.Shard;
import io.involution.evaluate.Evaluation;
import io.involution.model.state.ModelState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An engine on an emulated device that has little memory. */
class CudaEngineMemoryTest {
  /** Bytes of a device that has all that is needed. */
  private static final long ROOMY = 1L << 34;

  @BeforeEach
  void play() {
    EmulatedCuda.fresh();
  }

  @AfterEach
  void reset() {
    EmulatedCuda.reset();
  }

  private static CudaEngine opened() {
    return new CudaEngine(dense(), EmulatedCuda.library(), 0);
  }

  private static CudaEngine opened(CudaNetwork network) {
    return new CudaEngine(network, EmulatedCuda.library(), 0);
  }

  /** Makes the device roomy; the bytes that it has left. */
  private static long free() {
    EmulatedCuda.set("MEMORY", ROOMY);
    try (CudaDevice device = CudaDevice.open(EmulatedCuda.library(), 0)) {
      return device.freeBytes();
    }
  }

  /** Makes the device so small that it has so many bytes left. */
  private static void leave(long bytes) {
    EmulatedCuda.set("MEMORY", ROOMY - free() + bytes);
  }

  /** Bytes that an engine takes when it evaluates a shard, beside its state. */
  private static long needed(CudaNetwork network, Shard shard) {
    try (CudaEngine engine = opened(network)) {
      long before = free();
      engine.evaluate(shard);
      return before - free();
    }
  }

  private static void assertTooSmall(CudaEngine engine, Shard shard) {
    assertThatExceptionOfType(CudaFault.class)
        .isThrownBy(() -> engine.evaluate(shard))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(CudaFault.Kind.OUT_OF_MEMORY));
  }

  /** Wherever it was short of memory: of layers of all kinds, and of what trains them. */
  @Test
  void aNetworkThatDoesNotFitLeavesNothingBehind() {
    EmulatedCuda.set("INSTANT", 1);
    CudaNetwork network = new CudaNetwork(muon());
    Shard shard = shard(1, 4);
    long needed = needed(network, shard);
    // The shard and the round's numbers, which come after the network, take less than a step.
    long step = Math.max(1_000, needed / 200);
    try (CudaEngine engine = opened(network)) {
      long before = free();
      for (long left = 0; left < needed - step; left += step) {
        leave(left);
        assertTooSmall(engine, shard);
        assertThat(free()).as("free after a failure with %d bytes", left).isEqualTo(before);
      }
      leave(needed);
      assertThatCode(() -> engine.evaluate(shard)).doesNotThrowAnyException();
    }
  }

  /** The larger the other network, the earlier the first attempt fails. */
  @Test
  void aNetworkFitsWhereItFitsWithoutTheOthers() {
    EmulatedCuda.set("INSTANT", 1);
    CudaNetwork network = new CudaNetwork(muon());
    Shard large = shard(16, 4);
    long needed = needed(network, large);
    for (int examples = 1; examples < 16; examples *= 2) {
      try (CudaEngine engine = opened(network)) {
        long before = free();
        engine.evaluate(shard(examples, 3));
        leave(needed - (before - free()));
        assertThatCode(() -> engine.evaluate(large)).doesNotThrowAnyException();
      }
    }
  }

  private static long bytes(Shard shard) {
    return shard.pixels().length + (long) Integer.BYTES * shard.size();
  }

  @Test
  void aShardThatDoesNotFitLeavesNothingBehind() {
    EmulatedCuda.set("INSTANT", 1);
    try (CudaEngine engine = opened()) {
      Shard resident = shard(1_000, 4);
      engine.evaluate(resident);
      long before = free();
      // Enough for the images, and too little for the labels.
      leave(bytes(resident) - 1);
      engine.probabilities(shard(1_000, 5));
      // The other shard has made room.
      assertThat(free()).isEqualTo(before + bytes(resident));
    }
  }

  @Test
  void aRoundThatDoesNotFitDoesNotKeepAddressesOfFreedMemory() {
    EmulatedCuda.set("INSTANT", 1);
    Shard small = shard(5, 3);
    Shard large = shard(8, 4);
    try (CudaEngine engine = opened()) {
      engine.evaluate(small);
      long before = free();
      // The larger shard fits in the smaller one's place; its order, of three more numbers, not.
      leave(bytes(large) - bytes(small));
      assertTooSmall(engine, large);
      engine.evaluate(small);
      // It has taken the larger one's place, and has an order of its own again.
      assertThat(free()).isEqualTo(before);
    }
  }

  /** A network may take the place of shards, also of the one that it is to evaluate. */
  @Test
  void evaluationsMakeRoomForThemselves() {
    Shard shard = shard(1_000, 4);
    ModelState end;
    Evaluation evaluation;
    float[][] probabilities;
    try (CudaEngine engine = opened()) {
      ModelState start = engine.capture();
      steps(engine, start, shard(10_000, 3), 0, 1, 1_000);
      end = steps(engine, start, shard, 0, 1, 1_000).state();
      // Less than the images of a minibatch take, and than those of a shard.
      leave(100_000);
      evaluation = engine.evaluate(shard);
      leave(100_000);
      probabilities = engine.probabilities(shard(1_000, 5));
    }

    EmulatedCuda.set("MEMORY", ROOMY);
    try (CudaEngine engine = opened()) {
      engine.restore(end);
      Evaluation expected = engine.evaluate(shard);
      assertThat(evaluation.lossSum()).isEqualTo(expected.lossSum());
      assertThat(evaluation.correct()).isEqualTo(expected.correct());
      assertThat(probabilities).isDeepEqualTo(engine.probabilities(shard(1_000, 5)));
    }
  }
}
