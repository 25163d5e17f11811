package io.involution.ml;

import io.involution.config.TrainOptions;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.driver.RunInputs;
import io.involution.driver.input.Networks;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterLayout;
import io.involution.spark.ClusterSession;
import io.involution.spark.round.RoundSettings;
import io.involution.spark.round.Shards;
import io.involution.spark.round.SparkWorkers;
import io.involution.train.EpochEvaluation;
import io.involution.train.Journal;
import io.involution.train.LogDeviations;
import io.involution.train.TrainingLoop;
import io.involution.train.TrainingPoint;
import io.involution.train.UpdaterSections;
import io.involution.train.Workers;
import io.involution.train.outer.OuterStep;
import io.involution.train.time.Ending;
import io.involution.train.time.EpochPlan;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The training of one network on the examples of a table, in memory: no run's folder is written.
 *
 * @param context the cluster
 * @param kind the network
 * @param options how it is trained
 */
record Fitting(JavaSparkContext context, NetworkKind kind, TrainOptions options) {

  /**
   * Trains.
   *
   * @param images the examples
   * @param history receives every epoch
   * @throws IllegalArgumentException if the examples cannot be used
   */
  TrainedNetwork run(JavaRDD<LabeledImage> images, Journal history) {
    RunInputs inputs = RunInputs.forNetworks(ClusterSession.of(context), line -> {});
    int workers = inputs.workers(options.workers(), options.waitForSlots());
    // Decoded once, not once for each pass over them.
    JavaRDD<LabeledImage> kept = images.persist(StorageLevel.DISK_ONLY());
    try {
      context.setJobDescription("reading the images");
      ImageSummary summary = kept.mapPartitions(ImageSummary::of).treeReduce(ImageSummary::plus);
      summary.check();
      int examples = (int) summary.examples();
      if (examples < workers) {
        throw new IllegalArgumentException(
            examples + " rows for " + workers + " workers: lower numWorkers");
      }
      DataSchema schema =
          new DataSchema(summary.shape(), TrainedNetwork.classes(summary.largestLabel() + 1));
      JavaRDD<Shard> train = ImageShards.of(kept, schema, examples, workers);
      try (Shards shards =
          Shards.of(
              context,
              train.persist(StorageLevel.MEMORY_AND_DISK()),
              empty(schema),
              inputs.profiles(workers, options.device()))) {
        shards.load();
        EpochPlan plan =
            new EpochPlan(
                examples,
                workers,
                options.batchSizePerWorker(workers),
                options.averaging().period());
        return train(shards, plan, schema, history);
      }
    } finally {
      kept.unpersist(false);
    }
  }

  private JavaRDD<Shard> empty(DataSchema schema) {
    ImageShape image = schema.image();
    return context.parallelize(
        List.of(new Shard(image, schema.classCount(), new byte[0], new short[0])), 1);
  }

  private TrainedNetwork train(Shards shards, EpochPlan plan, DataSchema schema, Journal history) {
    NetworkBlueprint blueprint =
        Networks.trained(
            Networks.blueprint(kind, options, plan, schema), options.loss(), shards::classCounts);
    ComputationGraph graph = blueprint.build();
    try {
      LogDeviations deviations =
          plan.workers() == 1 ? LogDeviations.NONE : LogDeviations.of(ParameterLayout.of(graph));
      Workers workers =
          new SparkWorkers(
              context, shards, blueprint, RoundSettings.of(options, deviations), options.device());
      ModelState fresh =
          new UpdaterSections(options.averaging().updaterState())
              .initial(GraphState.capture(graph), plan.workers());
      ModelState start = shards.whitened(graph, fresh, blueprint.normalization());
      OuterStep outerStep =
          OuterStep.of(
              options.averaging(),
              plan,
              Networks.learningRate(options, plan),
              ParameterLayout.of(graph).blocks());
      TrainingPoint end =
          new TrainingLoop(
                  blueprint.label(),
                  plan,
                  outerStep,
                  new EpochEvaluation(workers, false, options.evaluation().cadence()))
              .run(TrainingPoint.start(start), new Ending(options.epochs(), 0), history);
      return new TrainedNetwork(blueprint, schema, end.state().parameters());
    } finally {
      graph.close();
    }
  }
}
