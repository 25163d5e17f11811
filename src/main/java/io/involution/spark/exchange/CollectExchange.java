package io.involution.spark.exchange;

import io.involution.model.state.ModelState;
import io.involution.spark.StreamedJob;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.CollectedMean;
import io.involution.train.average.UpdateCheck;
import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;

/** Every update comes to the driver as a task's result, and the driver averages as they arrive. */
public final class CollectExchange implements UpdateExchange {
  @Override
  public Averaged exchange(JavaRDD<WorkerUpdate> updates, UpdateCheck check) {
    long begin = System.nanoTime();
    CollectedMean mean = new CollectedMean(check, updates.getNumPartitions());
    StreamedJob.run(updates.rdd(), WorkerUpdate.class, Iterator::next, mean::put);
    long collected = System.nanoTime();
    ModelState state = mean.state();
    double averageSeconds = (System.nanoTime() - collected) / 1e9;
    return new Averaged(
        state, mean.rounds(), mean.bytes(), (collected - begin) / 1e9, averageSeconds);
  }
}
