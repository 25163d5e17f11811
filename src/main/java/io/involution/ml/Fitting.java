package io.involution.ml;

import io.involution.config.TrainOptions;
import io.involution.config.value.EvaluationCadence;
import io.involution.data.DataSchema;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.driver.RunInputs;
import io.involution.driver.TrainingCheck;
import io.involution.driver.input.Networks;
import io.involution.driver.input.StepRules;
import io.involution.driver.provenance.JobVersion;
import io.involution.model.network.Network;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterLayout;
import io.involution.spark.ClusterSession;
import io.involution.spark.round.RoundSettings;
import io.involution.spark.round.Shards;
import io.involution.spark.round.SparkWorkers;
import io.involution.train.EpochEvaluation;
import io.involution.train.TrainingLoop;
import io.involution.train.Workers;
import io.involution.train.outer.LogDeviations;
import io.involution.train.time.EpochPlan;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The training of one network on the examples of a table. No run's folder is written, only the
 * checkpoints that the user asks for.
 *
 * @param context the cluster
 * @param options what is trained, and how
 * @param place where epochs are kept
 */
record Fitting(JavaSparkContext context, TrainOptions options, FitCheckpoints.Place place) {

  /**
   * Trains.
   *
   * @param estimator the estimator
   * @param images the examples
   * @param classes number of classes, if more are known than there are labels of
   * @throws IllegalArgumentException if the examples or the thresholds cannot be used
   * @throws io.involution.failure.InputException if the network cannot be trained on them
   */
  InvolutionClassificationModel run(
      InvolutionClassifier estimator, JavaRDD<LabeledImage> images, int classes) {
    place.requireWritable(context.hadoopConfiguration());
    Network network = Networks.read(options.model(), context.hadoopConfiguration()).get(0);
    RunInputs inputs = RunInputs.forNetworks(ClusterSession.of(context), line -> {});
    int workers = inputs.workers(options.cluster().workers(), options.cluster().waitForSlots());
    // Decoded once, not once for each pass over them.
    JavaRDD<LabeledImage> kept = images.persist(StorageLevel.DISK_ONLY());
    try {
      context.setJobDescription("reading the images");
      // An empty table may have no partition, and then there is nothing to reduce.
      ImageSummary summary =
          kept.mapPartitions(ImageSummary::of)
              .treeAggregate(ImageSummary.NONE, ImageSummary::plus, ImageSummary::plus);
      summary.check();
      EpochPlan plan = plan((int) summary.examples(), workers);
      DataSchema schema =
          new DataSchema(
              summary.shape(), DataSchema.numbered(Math.max(classes, summary.largestLabel() + 1)));
      requireClasses(estimator, schema.classCount());
      NetworkBlueprint blueprint = Networks.blueprint(network, options, plan, schema);
      TrainingCheck check = new TrainingCheck(inputs, options, plan);
      check.requireFor(List.of(blueprint));
      check.nativeBytes(List.of(blueprint), schema.image(), options.validation());
      int trained = plan.examples();
      try (Shards shards =
          Shards.of(
              context,
              shards(kept, schema, new ShardRange(0, trained), workers),
              held(kept, schema, new ShardRange(trained, (int) summary.examples()), workers),
              inputs.profiles(workers, options.cluster().device()))) {
        shards.load();
        FitCheckpoints checkpoints =
            new FitCheckpoints(
                place, identity(blueprint, plan, summary), context.hadoopConfiguration());
        return train(estimator.uid(), new Task(shards, plan, schema, blueprint), checkpoints);
      }
    } finally {
      kept.unpersist(false);
    }
  }

  private EpochPlan plan(int examples, int workers) {
    int trained = examples - options.validation();
    if (trained < workers) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d rows (%d of them for validation) for %d workers: lower numWorkers%s",
              examples,
              options.validation(),
              workers,
              options.validation() > 0 ? " or validation" : ""));
    }
    int batchSize = options.batchSizePerWorker(workers);
    return new EpochPlan(trained, workers, batchSize, options.averaging().period());
  }

  private static void requireClasses(InvolutionClassifier estimator, int classes) {
    if (classes < 2) {
      throw new IllegalArgumentException(
          "column "
              + estimator.getLabelCol()
              + " has no label but 0: there must be at least two classes");
    }
    estimator.columns().requireThresholds(estimator, classes);
  }

  /** What is trained, on what. */
  private record Task(Shards shards, EpochPlan plan, DataSchema schema, NetworkBlueprint network) {}

  /** All that determines the result. */
  private String identity(NetworkBlueprint network, EpochPlan plan, ImageSummary summary) {
    return String.join(
        "\n",
        JobVersion.version(),
        network.json(),
        place.params(),
        plan.toString(),
        Long.toHexString(summary.content()));
  }

  private static JavaRDD<Shard> shards(
      JavaRDD<LabeledImage> images, DataSchema schema, ShardRange range, int workers) {
    return ImageShards.of(images, schema, range, workers).persist(StorageLevel.MEMORY_AND_DISK());
  }

  private JavaRDD<Shard> held(
      JavaRDD<LabeledImage> images, DataSchema schema, ShardRange range, int workers) {
    return range.size() > 0
        ? shards(images, schema, range, workers)
        : context.parallelize(List.of(ImageShards.assembled(List.of(), schema)), 1);
  }

  private InvolutionClassificationModel train(String uid, Task task, FitCheckpoints checkpoints) {
    NetworkBlueprint blueprint =
        Networks.trained(task.network(), options.loss(), task.shards()::classCounts);
    ComputationGraph graph = blueprint.build();
    try {
      ParameterLayout layout = ParameterLayout.of(graph);
      LogDeviations deviations = LogDeviations.of(layout, task.plan().workers());
      StepRules rules = new StepRules(options, task.plan());
      Workers workers =
          new SparkWorkers(
              context,
              task.shards(),
              blueprint,
              RoundSettings.of(options, deviations),
              options.cluster().device());
      ModelState start =
          task.shards().whitened(graph, rules.fresh(graph), blueprint.normalization());
      FitHistory history = new FitHistory(options, checkpoints);
      EpochEvaluation evaluation =
          new EpochEvaluation(workers, options.validation() > 0, new EvaluationCadence(0));
      new TrainingLoop(blueprint.label(), task.plan(), rules.outer(layout), evaluation)
          .run(history.start(start), history.ending(), history);
      return new InvolutionClassificationModel(
          uid,
          new TrainedNetwork(blueprint, task.schema(), history.best().parameters()),
          new InvolutionClassificationModel.History(history.losses(), history.accuracies()));
    } finally {
      GraphState.close(graph);
    }
  }
}
