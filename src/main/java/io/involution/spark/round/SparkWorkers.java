package io.involution.spark.round;

import io.involution.config.DeviceChoice;
import io.involution.config.training.ExchangeChoice;
import io.involution.config.training.UpdaterStateChoice;
import io.involution.data.Shard;
import io.involution.evaluate.Evaluation;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.ModelState;
import io.involution.monitoring.StageSums;
import io.involution.spark.SharedValue;
import io.involution.spark.device.Devices;
import io.involution.spark.exchange.UpdateExchange;
import io.involution.train.Stretch;
import io.involution.train.Workers;
import io.involution.train.average.UpdateCheck;
import io.involution.train.time.Round;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/** The workers as Spark tasks: one job per round or stretch of rounds, one job per evaluation. */
public final class SparkWorkers implements Workers {
  private final JavaSparkContext context;
  private final Shards shards;
  private final NetworkBlueprint blueprint;
  private final RoundSettings settings;
  private final DeviceChoice device;

  /**
   * Sets up the workers of one network.
   *
   * @param context the cluster
   * @param shards the workers' examples
   * @param blueprint the network
   * @param settings the options that apply to every round
   * @param device the device that the user asked for
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

  /**
   * Checks that Spark lets the driver collect the updates of a round.
   *
   * @param workers number of workers
   * @param start the state that training starts with
   * @param context the cluster
   * @throws io.involution.failure.InputException when it would end the first round
   */
  public static void requireCollectable(int workers, ModelState start, JavaSparkContext context) {
    UpdateExchange.of(ExchangeChoice.COLLECT, workers, start.workerBytes(), context.sc().conf());
  }

  @Override
  public Stretch run(List<Round> rounds, ModelState start) {
    List<Round> taken = List.copyOf(rounds);
    Stretch stretch =
        new RoundJob(description(taken), start, exchange(start))
            .run(
                context,
                shards,
                new UpdateCheck(blueprint.label(), taken, start),
                (shared, own) -> new RoundTask(blueprint, taken, settings, device, shared, own));
    return stretch.with(settings.deviations().logarithms(stretch.mean()));
  }

  private String description(List<Round> rounds) {
    Round first = rounds.get(0);
    Round last = rounds.get(rounds.size() - 1);
    String which =
        rounds.size() == 1
            ? ", round " + first.index()
            : ", rounds " + first.index() + " to " + last.index();
    return blueprint.label() + ", epoch " + first.epoch() + which;
  }

  @Override
  public boolean goOnAlone() {
    return shards.train().getNumPartitions() == 1
        && settings.updaterState() != UpdaterStateChoice.RESET;
  }

  @Override
  public Evaluation evaluate(EvaluationSet set, ModelState state) {
    JavaRDD<Shard> examples = set == EvaluationSet.TEST ? shards.test() : shards.validation();
    ModelState model = state.parametersOnly();
    try (SharedValue<ModelState> shared = SharedValue.of(context, model, model.bytes())) {
      context.setJobDescription(blueprint.label() + ", evaluation");
      StageSums sums = StageSums.of(context.sc());
      return Evaluation.sum(
          examples.map(evaluation(blueprint, device, settings, shared)).map(sums::count).collect());
    }
  }

  /** A worker's share of an evaluation, in its task. */
  private static Function<Shard, Evaluation> evaluation(
      NetworkBlueprint blueprint,
      DeviceChoice device,
      RoundSettings settings,
      SharedValue<ModelState> state) {
    return shard -> {
      TaskContext task = TaskContext.get();
      ModelState model = state.value();
      return ExecutorTrainers.run(
          blueprint,
          Devices.ofTask(device, task).with(settings.precision()),
          task,
          trainer -> trainer.evaluate(model, shard, settings.testTime()));
    };
  }

  private UpdateExchange exchange(ModelState start) {
    return UpdateExchange.of(
        settings.exchange(),
        shards.train().getNumPartitions(),
        start.workerBytes(),
        context.sc().conf());
  }
}
