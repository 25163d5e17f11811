package io.involution.spark.round;

import io.involution.data.Shard;
import io.involution.model.state.ModelState;
import io.involution.monitoring.StageSums;
import io.involution.spark.exchange.UpdateExchange;
import io.involution.train.RoundOutcome;
import io.involution.train.RoundSeconds;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.UpdateCheck;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/**
 * A round on the cluster, whatever its tasks compute: the state goes out, the tasks run, their
 * updates become the mean, and all of it is timed.
 *
 * @param description what Spark's pages call it
 * @param start state at the round's start
 * @param exchange how the updates become their mean
 */
public record RoundJob(String description, ModelState start, UpdateExchange exchange) {
  /** Makes the round's tasks, from a shard to its worker's update. */
  @FunctionalInterface
  public interface Tasks {
    /**
     * Makes them.
     *
     * @param shared what all workers start from
     * @param own updater states of the workers that keep theirs, by worker; else empty
     */
    Function2<Integer, Iterator<Shard>, Iterator<WorkerUpdate>> of(
        Broadcast<ModelState> shared, List<Broadcast<float[]>> own);
  }

  /**
   * Runs it.
   *
   * @param context the cluster
   * @param shards the workers' examples
   * @param check what an update has to be to enter the mean
   * @param tasks what the workers compute
   */
  public RoundOutcome run(JavaSparkContext context, Shards shards, UpdateCheck check, Tasks tasks) {
    long begin = System.nanoTime();
    Broadcast<ModelState> shared = context.broadcast(start.shared());
    List<Broadcast<float[]>> own = start.ownUpdaters().stream().map(context::broadcast).toList();
    double broadcastSeconds = (System.nanoTime() - begin) / 1e9;
    try {
      context.setJobDescription(description);
      StageSums sums = StageSums.of(context.sc());
      RoundOutcome outcome =
          exchange.exchange(
              shards.train().mapPartitionsWithIndex(tasks.of(shared, own), true).map(sums::count),
              check);
      RoundSeconds seconds =
          new RoundSeconds(
              broadcastSeconds, outcome.seconds().workers(), outcome.seconds().average());
      return new RoundOutcome(
          outcome.mean(), outcome.reports(), seconds, start.workerBytes(), outcome.bytesReceived());
    } finally {
      shared.destroy();
      own.forEach(Broadcast::destroy);
    }
  }
}
