package io.involution.cuda;

import static io.involution.cuda.CudaEngineFixture.dense;
import static io.involution.cuda.CudaEngineFixture.shard;
import static io.involution.cuda.CudaEngineFixture.steps;
import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cuda.driver.CudaDevice;
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
    EmulatedCuda.path();
    EmulatedCuda.reset();
    EmulatedCuda.set("QUIET", 1);
  }

  @AfterEach
  void reset() {
    EmulatedCuda.reset();
  }

  private static CudaEngine opened() {
    return new CudaEngine(dense(), EmulatedCuda.library(), 0);
  }

  /** Makes the device so small that it has so many bytes left. */
  private static void leave(long bytes) {
    EmulatedCuda.set("MEMORY", ROOMY);
    try (CudaDevice device = CudaDevice.open(EmulatedCuda.library(), 0)) {
      EmulatedCuda.set("MEMORY", ROOMY - device.freeBytes() + bytes);
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
