package io.involution.spark.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.device.Device;
import io.involution.model.SmallNetwork;
import io.involution.model.network.NetworkBlueprint;
import io.involution.spark.LocalSpark;
import io.involution.train.LocalTrainer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Sgd;

/** An executor holds a network for each of its slots, however many workers take turns on them. */
class ExecutorTrainersIT {
  private static final int SLOTS = 2;
  private static final int WORKERS = 64;
  private static final Set<LocalTrainer> SEEN =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

  @Test
  void sixtyFourWorkersOnTwoSlotsHaveTwoNetworksAndTwoThreads() {
    List<Integer> workers = IntStream.range(0, WORKERS).boxed().toList();
    try (JavaSparkContext context = new JavaSparkContext(LocalSpark.conf("trainers", SLOTS))) {
      for (int round = 0; round < 3; round++) {
        List<Long> trained =
            context.parallelize(workers, WORKERS).map(ExecutorTrainersIT::train).collect();
        assertThat(trained).hasSize(WORKERS).allMatch(threads -> threads <= SLOTS);
      }
    }
    assertThat(SEEN).hasSizeBetween(1, SLOTS);
  }

  /** Uses a network as a worker does; gives how many threads with networks there are. */
  private static long train(int worker) {
    NetworkBlueprint blueprint = SmallNetwork.linear(new Sgd(0.1));
    return ExecutorTrainers.run(
        blueprint,
        Device.CPU,
        TaskContext.get(),
        trainer -> {
          SEEN.add(trainer);
          assertThat(trainer.state().parameters()).isNotEmpty();
          return Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().equals("trainer-" + blueprint.label()))
              .count();
        });
  }
}
