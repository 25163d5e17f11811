package io.involution.plan.measure;

import io.involution.data.Shard;
import io.involution.data.synthetic.SyntheticImages;
import io.involution.model.state.ModelState;
import io.involution.spark.SharedValue;
import io.involution.spark.TaskProfiles;
import io.involution.spark.exchange.CollectExchange;
import io.involution.spark.exchange.UpdateExchange;
import io.involution.spark.round.RoundJob;
import io.involution.spark.round.RoundTask;
import io.involution.spark.round.Shards;
import io.involution.train.Place;
import io.involution.train.RoundOutcome;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerSeconds;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.UpdateCheck;
import io.involution.train.time.Round;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Rounds whose workers compute nothing: what remains is the work of Spark and the driver, on the
 * same path as in training. A worker's shard is one example; its update is the state it received.
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
   * @param floats size of the model state in float32 numbers, at least 1
   * @return its reports have no times but {@code receive}
   */
  public RoundOutcome run(int floats) {
    ModelState start = ModelState.of(0, new float[floats], new float[0]);
    return new RoundJob("an empty round, " + floats + " floats", start, exchange)
        .run(
            context,
            shards,
            new UpdateCheck("empty", ROUND, start),
            (shared, own) -> (worker, examples) -> updates(worker, examples, shared))
        .outcomes()
        .get(0);
  }

  private static Iterator<WorkerUpdate> updates(
      int worker, Iterator<Shard> shards, SharedValue<ModelState> start) {
    long begin = System.nanoTime();
    int examples = shards.next().size();
    ModelState state = start.value();
    WorkerSeconds seconds = new WorkerSeconds((System.nanoTime() - begin) / 1e9, 0, 0, 0);
    Place place = RoundTask.place(TaskContext.get(), "none");
    ModelState end = ModelState.of(state.steps() + 1, state.parameters(), state.updater());
    return List.of(new WorkerUpdate(new WorkerReport(worker, examples, 0, 0, seconds, place), end))
        .iterator();
  }

  /** Makes the executors release the shards. */
  @Override
  public void close() {
    shards.close();
  }
}
