package io.involution.spark.round;

import io.involution.data.Shard;
import io.involution.model.state.ModelState;
import io.involution.monitoring.StageSums;
import io.involution.spark.SharedValue;
import io.involution.spark.exchange.UpdateExchange;
import io.involution.spark.exchange.UpdateExchange.Averaged;
import io.involution.train.RoundSeconds;
import io.involution.train.Stretch;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.UpdateCheck;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;

/**
 * A round on the cluster, or several of a single worker, independent of what its tasks compute: the
 * model state is shared, the tasks run, their updates are averaged, and each part is timed.
 *
 * @param description its name on Spark's pages
 * @param start model state at the round's start
 * @param exchange how the updates are averaged
 */
public record RoundJob(String description, ModelState start, UpdateExchange exchange) {
  /** Creates the round's tasks, which turn a shard into its worker's update. */
  @FunctionalInterface
  public interface Tasks {
    /**
     * Creates the tasks.
     *
     * @param shared what all workers start from
     * @param own each worker's own updater state, by worker; empty if they are averaged
     */
    Function2<Integer, Iterator<Shard>, Iterator<WorkerUpdate>> of(
        SharedValue<ModelState> shared, List<SharedValue<float[]>> own);
  }

  /**
   * Runs the round.
   *
   * @param context the cluster
   * @param shards the workers' examples
   * @param check what an update must satisfy to enter the average
   * @param tasks what the workers compute
   */
  public Stretch run(JavaSparkContext context, Shards shards, UpdateCheck check, Tasks tasks) {
    long begin = System.nanoTime();
    ModelState state = start.shared();
    SharedValue<ModelState> shared = SharedValue.of(context, state, state.bytes());
    List<SharedValue<float[]>> own =
        start.ownUpdaters().stream()
            // Broadcast however small: a task fetches its own and no other worker's.
            .map(updater -> SharedValue.of(context, updater, Long.MAX_VALUE))
            .toList();
    double broadcastSeconds = (System.nanoTime() - begin) / 1e9;
    try {
      context.setJobDescription(description);
      StageSums sums = StageSums.of(context.sc());
      Averaged average =
          exchange.exchange(
              shards.train().mapPartitionsWithIndex(tasks.of(shared, own), true).map(sums::count),
              check);
      return Stretch.of(
          average.mean(),
          average.rounds(),
          new RoundSeconds(broadcastSeconds, average.workerSeconds(), average.averageSeconds()),
          start.workerBytes(),
          average.bytes());
    } finally {
      shared.close();
      own.forEach(SharedValue::close);
    }
  }
}
