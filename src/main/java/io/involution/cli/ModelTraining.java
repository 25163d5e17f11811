package io.involution.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.config.TrainOptions;
import io.involution.config.TrainerChoice;
import io.involution.data.ExampleSource;
import io.involution.layers.NativeThreads;
import io.involution.metrics.ArtifactFolder;
import io.involution.metrics.EpochRow;
import io.involution.metrics.MetricsFolder;
import io.involution.metrics.MetricsJournal;
import io.involution.metrics.ModelResult;
import io.involution.metrics.ModelResult.ParameterCounts;
import io.involution.metrics.Progress;
import io.involution.metrics.RoundCosts;
import io.involution.model.GraphState;
import io.involution.model.ModelFile;
import io.involution.model.ModelState;
import io.involution.model.NetworkBlueprint;
import io.involution.model.NetworkKind;
import io.involution.model.NetworkSummary;
import io.involution.model.ParameterLayout;
import io.involution.run.BestModel;
import io.involution.run.Checkpoints;
import io.involution.run.Checkpoints.Checkpoint;
import io.involution.run.RunFolder;
import io.involution.spark.ClusterSession;
import io.involution.spark.Dl4jSparkTrainer;
import io.involution.spark.Shards;
import io.involution.spark.SparkWorkers;
import io.involution.train.EpochPlan;
import io.involution.train.Journal;
import io.involution.train.OuterStep;
import io.involution.train.TrainingLoop;
import io.involution.train.Workers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The training of one network of a run, from its initial weights or checkpoint to its files. */
final class ModelTraining {
  private final ClusterSession session;
  private final TrainOptions options;
  private final ExampleSource source;
  private final Shards shards;
  private final EpochPlan plan;
  private final RunFolder folder;

  ModelTraining(
      ClusterSession session,
      TrainOptions options,
      ExampleSource source,
      Shards shards,
      EpochPlan plan,
      RunFolder folder) {
    this.session = session;
    this.options = options;
    this.source = source;
    this.shards = shards;
    this.plan = plan;
    this.folder = folder;
  }

  ModelResult run(NetworkKind kind, Optional<float[]> init, List<Journal> trackers) {
    NativeThreads.useOne();
    NetworkBlueprint blueprint = Networks.blueprint(kind, options);
    ComputationGraph graph = blueprint.build();
    ParameterLayout layout = ParameterLayout.of(graph);
    ParameterCounts counts = new ParameterCounts(layout.trainable(), layout.nonTrainable());

    Checkpoints checkpoints = new Checkpoints(folder, kind.label());
    Checkpoint start = start(checkpoints, graph, init);
    if (start.epoch() > 0) {
      System.out.println(kind.label() + ": going on after epoch " + start.epoch());
    }
    MetricsFolder metrics = new MetricsFolder(folder);
    BestModel best = new BestModel(folder, kind.label());
    for (EpochRow row : metrics.epochs(kind.label(), start.epoch())) {
      best.remember(row.validationAccuracy());
    }
    ArtifactFolder artifacts = new ArtifactFolder(folder, kind.label(), source.classNames());
    artifacts.network(NetworkSummary.of(graph, Networks.IMAGES));
    List<Journal> keepers = new ArrayList<>(List.of(artifacts, best, checkpoints));
    keepers.addAll(trackers);
    // Metrics before the checkpoint: what a checkpoint counts as done has its rows.
    ModelState end = train(blueprint, start, keepers);

    List<EpochRow> rows = metrics.epochs(kind.label(), options.epochs());
    GraphState.restore(graph, best.state().orElse(end));
    folder.replace(kind.label() + "/model.zip", ModelFile.write(graph));
    new ReportExamples(source, session.hadoop()).write(artifacts, graph, options.report().images());
    graph.close();
    return ModelResult.of(rows, counts, end.parametersSha256());
  }

  private ModelState train(NetworkBlueprint blueprint, Checkpoint start, List<Journal> keepers) {
    String label = blueprint.label();
    Workers workers =
        new SparkWorkers(session.context(), shards, blueprint, options.seed(), options.device());
    boolean validate = options.validation() > 0;
    MetricsJournal metrics = new MetricsJournal(label, new MetricsFolder(folder));
    Progress progress = new Progress(label, plan, options.epochs(), System.out, isTerminal());
    List<Journal> journals = new ArrayList<>(List.of(metrics));
    journals.addAll(keepers);
    journals.add(progress);
    if (options.trainer() == TrainerChoice.DL4J_SPARK) {
      return new Dl4jSparkTrainer(
              session.context(), shards, workers, plan, options.seed(), validate)
          .run(blueprint, start.state(), options.epochs(), metrics, new RunJournal(journals));
    }
    return new TrainingLoop(workers, plan, OuterStep.AVERAGE, validate)
        .run(start.state(), start.epoch() + 1, options.epochs(), new RunJournal(journals));
  }

  /** The job runs on Java 17, where a console is a terminal. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    return System.console() != null;
  }

  private Checkpoint start(
      Checkpoints checkpoints, ComputationGraph graph, Optional<float[]> init) {
    if (options.output().resume()) {
      Optional<Checkpoint> latest = checkpoints.latest(System.out::println);
      if (latest.isPresent()) {
        return latest.get();
      }
    }
    ModelState fresh = GraphState.capture(graph);
    return new Checkpoint(
        0, init.map(values -> fresh.with(ModelState.PARAMETERS, values)).orElse(fresh));
  }

  /** Joins the metrics of all the models to one file and says where their rounds' time went. */
  Map<String, RoundCosts> joinMetrics(List<String> models) {
    MetricsFolder metrics = new MetricsFolder(folder);
    metrics.join(models, options.epochs());
    List<JsonNode> rows = metrics.rows();
    Map<String, RoundCosts> costs = new LinkedHashMap<>();
    for (String model : models) {
      RoundCosts cost = RoundCosts.of(rows, model);
      if (cost != null) {
        costs.put(model, cost);
      }
    }
    return costs;
  }

  /** Writes the report, and says where it is. */
  String report() {
    return RunReportFiles.afterTraining(folder);
  }

  /** Where the run's outputs are, without user info. */
  String location() {
    return folder.location();
  }
}
