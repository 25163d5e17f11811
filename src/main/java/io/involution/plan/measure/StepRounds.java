package io.involution.plan.measure;

import io.involution.config.DeviceChoice;
import io.involution.data.synthetic.SyntheticImages;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.ModelState;
import io.involution.spark.TaskProfiles;
import io.involution.spark.round.RoundSettings;
import io.involution.spark.round.Shards;
import io.involution.spark.round.SparkWorkers;
import io.involution.train.RoundOutcome;
import io.involution.train.Stretch;
import io.involution.train.time.Round;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/** Real rounds of a network on the synthetic set, with minibatches of any size. */
public final class StepRounds implements AutoCloseable {
  /** Examples of a shard, a multiple of the minibatch size. */
  public static final int EXAMPLES = 512;

  private final Shards shards;
  private final SparkWorkers workers;
  private ModelState state;

  /**
   * Gives every worker its shard.
   *
   * @param context the cluster
   * @param workers number of workers
   * @param profiles what their tasks need
   * @param blueprint the network
   * @param start its model state in the first round; the next rounds continue from there
   */
  public StepRounds(
      JavaSparkContext context,
      int workers,
      TaskProfiles profiles,
      NetworkBlueprint blueprint,
      ModelState start) {
    SyntheticImages source = new SyntheticImages(0, workers * EXAMPLES, workers);
    this.shards = new Shards(context, source, workers, 0, profiles);
    shards.load();
    this.workers =
        new SparkWorkers(context, shards, blueprint, RoundSettings.plain(0), DeviceChoice.AUTO);
    this.state = start;
  }

  /**
   * Runs a round.
   *
   * @param batchSize examples in a worker's minibatch, a divisor of {@link #EXAMPLES}
   * @param steps local steps, at most the number of minibatches in a shard
   */
  public RoundOutcome run(int batchSize, int steps) {
    Round round = new Round(1, 1, 0, steps, EXAMPLES / batchSize);
    Stretch taken = workers.run(List.of(round), state);
    state = taken.mean();
    return taken.outcomes().get(0);
  }

  /** Makes the executors release the shards. */
  @Override
  public void close() {
    shards.close();
  }
}
