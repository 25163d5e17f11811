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
   * Total size in bytes of all updates from which the executors average by default.
   *
   * <p>Time of the shuffle relative to collecting with 2, 4 and 8 workers, on a busy machine with 2
   * cores, where sending bytes between JVMs costs no more than copying them, when averaging began
   * after the last update had arrived (median of 9 to 11 alternating rounds, {@code
   * io.involution.bench.Exchanging}):
   *
   * <pre>
   * floats an update       13,080             957,534            5,000,000          20,000,000
   * local[2]               1.79  2.57  3.15   1.86  1.69  2.38   1.29  1.24  1.16   1.13  1.34  1.06
   * local-cluster[2,1,..]  2.20  2.45  4.78   1.87  2.52  3.38   0.92  1.53  1.45   1.46  1.30  1.17
   * </pre>
   *
   * <p>There the shuffle is never faster, but the larger the model, the less it costs: two to five
   * times some 100 ms with small models, at most a third more from 300 MiB in total. Its advantage
   * is the driver's memory: collecting keeps every update that waits for an earlier worker's, in
   * the worst case all of them. This size is a quarter of the 1 GiB heap that submit/local-cluster
   * gives the driver, and of the results that Spark accepts by default.
   */
  long SHUFFLE_FROM_BYTES = 256L << 20;

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
    boolean shuffles =
        switch (choice) {
          case COLLECT -> false;
          case SHUFFLE -> workers > 1;
          case AUTO -> workers > 1 && collected >= SHUFFLE_FROM_BYTES;
        };
    return shuffles ? new ShuffleExchange() : new CollectExchange();
  }
}
