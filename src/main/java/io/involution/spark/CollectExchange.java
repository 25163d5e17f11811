package io.involution.spark;

import io.involution.model.ModelState;
import io.involution.train.RoundOutcome;
import io.involution.train.RoundSeconds;
import io.involution.train.UpdateCheck;
import io.involution.train.WeightedMean;
import io.involution.train.WorkerUpdate;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/** Every update comes to the driver as a task's result, and the driver averages. */
final class CollectExchange implements UpdateExchange {
  @Override
  public RoundOutcome exchange(JavaRDD<WorkerUpdate> updates, UpdateCheck check) {
    long begin = System.nanoTime();
    List<WorkerUpdate> collected = updates.collect();
    long collectedAt = System.nanoTime();
    check.check(collected);
    ModelState mean = WeightedMean.of(collected);
    long averagedAt = System.nanoTime();
    RoundSeconds seconds =
        new RoundSeconds(0, (collectedAt - begin) / 1e9, (averagedAt - collectedAt) / 1e9);
    return new RoundOutcome(
        mean,
        collected.stream().map(WorkerUpdate::report).toList(),
        seconds,
        0,
        collected.stream().mapToLong(update -> update.state().bytes()).sum());
  }
}
