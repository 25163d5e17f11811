package io.involution.spark;

import io.involution.data.SyntheticImages;
import io.involution.model.ModelState;
import io.involution.monitoring.StageSums;
import io.involution.train.Round;
import io.involution.train.RoundOutcome;
import io.involution.train.RoundSeconds;
import io.involution.train.UpdateCheck;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Rounds of workers that compute nothing: what is left is what Spark and the driver do, by the way
 * that training takes. A worker's shard is one example; its update is the state that it was sent.
 */
public final class InstantRounds implements AutoCloseable {
  private static final Round ROUND = new Round(1, 1, 0, 1, 1);

  private final JavaSparkContext context;
  private final Shards shards;
  private final UpdateExchange exchange = new CollectExchange();

  /**
   * Gives every worker its shard.
   *
   * @param context the cluster
   * @param workers number of workers
   * @param profiles what their tasks need
   */
  public InstantRounds(JavaSparkContext context, int workers, TaskProfiles profiles) {
    this.context = context;
    this.shards =
        new Shards(context, new SyntheticImages(0, workers, workers), workers, 0, profiles);
    shards.load();
  }

  /**
   * Runs a round.
   *
   * @param floats size of the model state in numbers of four bytes, at least 1
   * @return its reports have no other figures than {@code receive}
   */
  public RoundOutcome run(int floats) {
    ModelState start = ModelState.of(0, new float[floats], new float[0]);
    long begin = System.nanoTime();
    Broadcast<ModelState> broadcast = context.broadcast(start);
    double broadcastSeconds = (System.nanoTime() - begin) / 1e9;
    try {
      context.setJobDescription("a round of nothing, " + floats + " floats");
      StageSums sums = StageSums.of(context.sc());
      RoundOutcome outcome =
          exchange.exchange(
              shards
                  .train()
                  .mapPartitionsWithIndex(new InstantRoundTask(broadcast), true)
                  .map(sums::count),
              new UpdateCheck("empty", ROUND, start));
      RoundSeconds seconds =
          new RoundSeconds(
              broadcastSeconds, outcome.seconds().workers(), outcome.seconds().average());
      return new RoundOutcome(
          outcome.mean(), outcome.reports(), seconds, start.bytes(), outcome.bytesReceived());
    } finally {
      broadcast.destroy();
    }
  }

  /** Lets the executors forget the shards. */
  @Override
  public void close() {
    shards.close();
  }
}
