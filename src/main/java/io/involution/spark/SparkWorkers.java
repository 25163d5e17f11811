package io.involution.spark;

import io.involution.config.DeviceChoice;
import io.involution.config.ExchangeChoice;
import io.involution.data.Shard;
import io.involution.evaluate.Evaluation;
import io.involution.model.ModelState;
import io.involution.model.NetworkBlueprint;
import io.involution.monitoring.StageSums;
import io.involution.train.Round;
import io.involution.train.RoundOutcome;
import io.involution.train.RoundSeconds;
import io.involution.train.UpdateCheck;
import io.involution.train.Workers;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** The workers as tasks of Spark: a job a round, a job an evaluation. */
public final class SparkWorkers implements Workers {
  private final JavaSparkContext context;
  private final Shards shards;
  private final NetworkBlueprint blueprint;
  private final RoundSettings settings;
  private final DeviceChoice device;

  /**
   * Sets the workers of one network up.
   *
   * @param context the cluster
   * @param shards their examples
   * @param blueprint the network
   * @param settings what the user decides about every round
   * @param device what the user wants to compute on
   */
  public SparkWorkers(
      JavaSparkContext context,
      Shards shards,
      NetworkBlueprint blueprint,
      RoundSettings settings,
      DeviceChoice device) {
    this.context = context;
    this.shards = shards;
    this.blueprint = blueprint;
    this.settings = settings;
    this.device = device;
  }

  @Override
  public RoundOutcome run(Round round, ModelState start) {
    ModelState shared = start.shared();
    UpdateExchange exchange = exchange(shared, start);
    long begin = System.nanoTime();
    Broadcast<ModelState> broadcast = context.broadcast(shared);
    List<Broadcast<float[]>> own =
        start.names().stream()
            .filter(ModelState::isOwn)
            .map(name -> context.broadcast(start.section(name)))
            .toList();
    double broadcastSeconds = (System.nanoTime() - begin) / 1e9;
    try {
      context.setJobDescription(
          blueprint.label() + ", epoch " + round.epoch() + ", round " + round.index());
      RoundTask task = new RoundTask(blueprint, round, settings, device, broadcast, own);
      StageSums sums = StageSums.of(context.sc());
      RoundOutcome outcome =
          exchange.exchange(
              shards.train().mapPartitionsWithIndex(task, true).map(sums::count),
              new UpdateCheck(blueprint.label(), round, own.isEmpty() ? shared : start));
      RoundSeconds seconds =
          new RoundSeconds(
              broadcastSeconds, outcome.seconds().workers(), outcome.seconds().average());
      return new RoundOutcome(
          outcome.mean(), outcome.reports(), seconds, sent(shared, start), outcome.bytesReceived());
    } finally {
      broadcast.destroy();
      own.forEach(Broadcast::destroy);
    }
  }

  @Override
  public Evaluation evaluate(EvaluationSet set, ModelState state) {
    JavaRDD<Shard> examples = set == EvaluationSet.TEST ? shards.test() : shards.validation();
    Broadcast<ModelState> broadcast = context.broadcast(state.parametersOnly());
    try {
      context.setJobDescription(blueprint.label() + ", evaluation");
      StageSums sums = StageSums.of(context.sc());
      return Evaluation.sum(
          examples
              .map(new EvaluationTask(blueprint, device, broadcast))
              .map(sums::count)
              .collect());
    } finally {
      broadcast.destroy();
    }
  }

  private UpdateExchange exchange(ModelState shared, ModelState start) {
    // The updater state that a worker keeps comes to the driver, for the checkpoint.
    boolean own = start.names().stream().anyMatch(ModelState::isOwn);
    return Exchanges.of(
        own ? ExchangeChoice.COLLECT : settings.exchange(),
        shards.train().getNumPartitions(),
        sent(shared, start),
        context.getConf());
  }

  /** Bytes that each worker receives: what all get, and its own. */
  private static long sent(ModelState shared, ModelState start) {
    return shared.bytes()
        + start.names().stream()
            .filter(ModelState::isOwn)
            .mapToLong(name -> 4L * start.section(name).length)
            .max()
            .orElse(0);
  }
}
