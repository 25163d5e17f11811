package io.involution.plan.measure;

import io.involution.data.synthetic.SyntheticImages;
import io.involution.model.state.ModelState;
import io.involution.spark.TaskProfiles;
import io.involution.spark.exchange.CollectExchange;
import io.involution.spark.exchange.UpdateExchange;
import io.involution.spark.round.RoundJob;
import io.involution.spark.round.Shards;
import io.involution.train.Round;
import io.involution.train.RoundOutcome;
import io.involution.train.average.UpdateCheck;
import org.apache.spark.api.java.JavaSparkContext;

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
    return new RoundJob("a round of nothing, " + floats + " floats", start, exchange)
        .run(
            context,
            shards,
            new UpdateCheck("empty", ROUND, start),
            (shared, own) -> new InstantRoundTask(shared));
  }

  /** Lets the executors forget the shards. */
  @Override
  public void close() {
    shards.close();
  }
}
