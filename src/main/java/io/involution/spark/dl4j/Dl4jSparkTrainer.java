package io.involution.spark.dl4j;

import io.involution.data.ShardRange;
import io.involution.model.Normalization;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.spark.round.Shards;
import io.involution.train.DivergenceException;
import io.involution.train.EpochEvaluation;
import io.involution.train.EpochEvaluation.Trained;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import io.involution.train.TrainingPoint;
import io.involution.train.time.Ending;
import io.involution.train.time.EpochPlan;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.RepartitionStrategy;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Training by deeplearning4j-spark's own parameter averaging, on the same shards and with the same
 * evaluation and outputs: the baseline for this project's trainer. It averages without weights, may
 * leave out minibatches that do not fill a round, and does not report single workers.
 */
public final class Dl4jSparkTrainer {
  private final JavaSparkContext context;
  private final Shards shards;
  private final EpochPlan plan;
  private final long seed;
  private final EpochEvaluation evaluation;

  /**
   * Sets up the trainer.
   *
   * @param context the cluster
   * @param shards the workers' examples
   * @param plan batch size per worker and averaging period
   * @param seed the run's seed
   * @param evaluation evaluates the model after each epoch
   */
  public Dl4jSparkTrainer(
      JavaSparkContext context,
      Shards shards,
      EpochPlan plan,
      long seed,
      EpochEvaluation evaluation) {
    this.context = context;
    this.shards = shards;
    this.plan = plan;
    this.seed = seed;
    this.evaluation = evaluation;
  }

  /**
   * Trains from the first epoch to the last.
   *
   * @param blueprint the network
   * @param initial model state to start from
   * @param ending when training ends
   * @param journal receives every epoch
   * @return the end of the last epoch
   */
  public TrainingPoint run(
      NetworkBlueprint blueprint, ModelState initial, Ending ending, Journal journal) {
    // Otherwise its statistics ask a public time server.
    System.setProperty(
        "org.deeplearning4j.spark.time.TimeSource",
        "org.deeplearning4j.spark.time.SystemClockTimeSource");
    // Left to the garbage collector: what DL4J broadcasts refers to these arrays, and Spark may
    // write it to disk for want of memory, long after the last epoch.
    ComputationGraph graph = blueprint.build();
    GraphState.restore(graph, initial);
    SparkComputationGraph network = new SparkComputationGraph(context, graph, trainingMaster());
    TrainingPoint point = TrainingPoint.start(initial);
    while (!ending.isAfter(point.position().epochs())) {
      int epoch = point.position().epochs() + 1;
      long begin = System.nanoTime();
      network.fit(minibatches(epoch, blueprint.normalization()));
      double roundSeconds = (System.nanoTime() - begin) / 1e9;
      // DL4J counts fits as epochs; a ModelState keeps steps in that counter: see GraphState.
      network.getNetwork().getConfiguration().setEpochCount(0);
      ModelState state = GraphState.capture(network.getNetwork());
      DivergenceException.check(blueprint.label(), epoch, state);
      journal.workersUnknown(epoch, shardSizes());
      EpochOutcome outcome =
          evaluation.outcome(
              new Trained(epoch, Optional.empty(), plan.examples(), roundSeconds, state), ending);
      DivergenceException.check(blueprint.label(), outcome);
      journal.epochEnded(outcome);
      point = TrainingPoint.after(epoch, state);
      journal.reached(point);
    }
    return point;
  }

  private ParameterAveragingTrainingMaster trainingMaster() {
    return new ParameterAveragingTrainingMaster.Builder(plan.workers(), plan.batchSizePerWorker())
        .batchSizePerWorker(plan.batchSizePerWorker())
        .averagingFrequency(plan.averagingPeriod(1))
        .aggregationDepth(2)
        .workerPrefetchNumBatches(0)
        // Its documentation says that this is the default, but it is not: without it Adam would
        // restart in every round.
        .saveUpdater(true)
        // The shards are already balanced and in place.
        .repartionData(Repartition.Never)
        .repartitionStrategy(RepartitionStrategy.Balanced)
        // The other approach needs a file system that all executors share.
        .rddTrainingApproach(RDDTrainingApproach.Direct)
        // Minibatches are made from the cached uint8 shards when they are used: as float32 they
        // would not fit into memory.
        .storageLevel(null)
        .storageLevelStreams(null)
        .rngSeed(seed)
        .collectTrainingStats(false)
        .build();
  }

  private JavaRDD<DataSet> minibatches(int epoch, Normalization normalization) {
    return shards
        .train()
        .mapPartitionsWithIndex(
            new MinibatchTask(plan.stepsPerEpoch(), seed, epoch, normalization), true);
  }

  private List<Integer> shardSizes() {
    return IntStream.range(0, plan.workers())
        .mapToObj(worker -> ShardRange.of(worker, plan.workers(), plan.examples()).size())
        .toList();
  }
}
