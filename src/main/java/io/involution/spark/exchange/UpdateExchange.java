package io.involution.spark.exchange;

import io.involution.train.RoundOutcome;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.UpdateCheck;
import org.apache.spark.api.java.JavaRDD;

/** How the workers' updates reach the driver and become their mean. */
@FunctionalInterface
public interface UpdateExchange {
  /**
   * Runs the round's tasks and averages.
   *
   * @param updates one a partition, in worker order; computing them is the round
   * @param check what an update has to be to enter the average
   * @return the mean, the reports, and the driver's seconds without the broadcast
   */
  RoundOutcome exchange(JavaRDD<WorkerUpdate> updates, UpdateCheck check);
}
