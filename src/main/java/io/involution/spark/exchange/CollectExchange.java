package io.involution.spark.exchange;

import io.involution.model.state.ModelState;
import io.involution.spark.StreamedJob;
import io.involution.train.RoundOutcome;
import io.involution.train.RoundSeconds;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.CollectedMean;
import io.involution.train.average.UpdateCheck;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;

/** Every update comes to the driver as a task's result, and the driver averages as they come. */
public final class CollectExchange implements UpdateExchange {
  @Override
  public RoundOutcome exchange(JavaRDD<WorkerUpdate> updates, UpdateCheck check) {
    long begin = System.nanoTime();
    CollectedMean mean = new CollectedMean(check, updates.getNumPartitions());
    StreamedJob.run(
        updates.rdd(),
        IntStream.range(0, updates.getNumPartitions()).boxed().toList(),
        WorkerUpdate.class,
        Iterator::next,
        mean::put);
    long collectedAt = System.nanoTime();
    ModelState state = mean.state();
    RoundSeconds seconds =
        new RoundSeconds(0, (collectedAt - begin) / 1e9, (System.nanoTime() - collectedAt) / 1e9);
    return new RoundOutcome(state, mean.reports(), seconds, 0, mean.bytes());
  }
}
