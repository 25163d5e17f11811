package io.involution.spark.exchange;

import io.involution.config.training.ExchangeChoice;
import io.involution.failure.InputException;
import io.involution.model.state.ModelState;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.UpdateCheck;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;

/** How the workers' updates are averaged. The choice does not change a bit of the mean. */
@FunctionalInterface
public interface UpdateExchange {
  /**
   * Runs the round's tasks and averages their updates.
   *
   * @param updates one per partition, in worker order; computing them is the round
   * @param check what an update must satisfy to enter the average
   */
  Averaged exchange(JavaRDD<WorkerUpdate> updates, UpdateCheck check);

  /**
   * The average of a round's updates.
   *
   * @param mean example-weighted mean of the workers' states
   * @param rounds the reports of each round, one per worker, in worker order
   * @param bytes size of the model states that came to the driver
   * @param workerSeconds from handing the tasks to the scheduler until all updates had arrived
   * @param averageSeconds time to finish the average after that
   */
  record Averaged(
      ModelState mean,
      List<List<WorkerReport>> rounds,
      long bytes,
      double workerSeconds,
      double averageSeconds) {}

  /**
   * Chooses before the first round.
   *
   * @param choice what the user wants
   * @param workers number of workers
   * @param bytesPerUpdate size of the model state's arrays in bytes
   * @param conf Spark's settings
   * @throws InputException when the updates are to be collected, but together exceed what Spark
   *     accepts, so that it would end the first round
   */
  static UpdateExchange of(
      ExchangeChoice choice, int workers, long bytesPerUpdate, SparkConf conf) {
    ResultLimit limit = ResultLimit.of(conf);
    long collected = ResultLimit.collected(workers, bytesPerUpdate);
    if (!limit.allows(collected)) {
      if (choice == ExchangeChoice.COLLECT) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "--exchange collect, or --updater-state local, brings %,d bytes of %d updates to the"
                    + " driver in every round, but %s is %,d: leave that option out, or raise the"
                    + " limit (0 means no limit)",
                collected,
                workers,
                ResultLimit.SETTING,
                limit.bytes()));
      }
      return new ShuffleExchange();
    }
    return choice.shuffles(workers, bytesPerUpdate) ? new ShuffleExchange() : new CollectExchange();
  }
}
