package io.involution.driver;

import io.involution.config.TrainOptions;
import io.involution.config.TrainerChoice;
import io.involution.data.ExampleSource;
import io.involution.driver.input.Networks;
import io.involution.driver.journal.CheckpointKeeper;
import io.involution.driver.journal.RunJournal;
import io.involution.driver.present.Presentation;
import io.involution.driver.present.ReportExamples;
import io.involution.driver.provenance.RunIdentity;
import io.involution.metrics.ArtifactFolder;
import io.involution.metrics.EpochRow;
import io.involution.metrics.MetricsFolder;
import io.involution.metrics.MetricsJournal;
import io.involution.metrics.ModelResult;
import io.involution.metrics.ModelResult.ParameterCounts;
import io.involution.metrics.Progress;
import io.involution.model.ModelFile;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterLayout;
import io.involution.model.summary.NetworkSummary;
import io.involution.monitoring.TrainingFigures;
import io.involution.run.BestModel;
import io.involution.run.Checkpoint;
import io.involution.run.Checkpoints;
import io.involution.run.Deadline;
import io.involution.run.RunFolder;
import io.involution.spark.ClusterSession;
import io.involution.spark.dl4j.Dl4jSparkTrainer;
import io.involution.spark.round.RoundSettings;
import io.involution.spark.round.Shards;
import io.involution.spark.round.SparkWorkers;
import io.involution.train.EpochPlan;
import io.involution.train.Journal;
import io.involution.train.OuterStep;
import io.involution.train.TrainingLoop;
import io.involution.train.TrainingPoint;
import io.involution.train.UpdaterSections;
import io.involution.train.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The training of one network of a run, from its initial weights or checkpoint to its files. */
final class ModelTraining {
  private final ClusterSession session;
  private final TrainOptions options;
  private final ExampleSource source;
  private final Presentation shown;
  private final Deadline deadline;
  private final Shards shards;
  private final EpochPlan plan;
  private final RunFolder folder;
  private final RunIdentity identity;

  /**
   * What a training is given.
   *
   * @param session the cluster
   * @param options what to train and how
   * @param source where the examples are
   * @param shown how the run shows itself
   * @param deadline when to stop at a checkpoint
   */
  record Setting(
      ClusterSession session,
      TrainOptions options,
      ExampleSource source,
      Presentation shown,
      Deadline deadline) {}

  ModelTraining(
      Setting setting, Shards shards, EpochPlan plan, RunFolder folder, RunIdentity identity) {
    this.session = setting.session();
    this.options = setting.options();
    this.source = setting.source();
    this.shown = setting.shown();
    this.deadline = setting.deadline();
    this.shards = shards;
    this.plan = plan;
    this.folder = folder;
    this.identity = identity;
  }

  ModelResult run(NetworkKind kind, Optional<WarmStart> init, List<Journal> trackers) {
    NetworkBlueprint blueprint = Networks.blueprint(kind, options, plan);
    ComputationGraph graph = blueprint.build();
    try {
      return run(blueprint, graph, init, trackers);
    } finally {
      graph.close();
    }
  }

  private ModelResult run(
      NetworkBlueprint blueprint,
      ComputationGraph graph,
      Optional<WarmStart> init,
      List<Journal> trackers) {
    ParameterLayout layout = ParameterLayout.of(graph);
    ParameterCounts counts = new ParameterCounts(layout.trainable(), layout.nonTrainable());

    String label = blueprint.label();
    Checkpoints checkpoints = new Checkpoints(folder, label, identity.values());
    Optional<Checkpoint> last =
        options.output().resume() ? checkpoints.latest(shown::line) : Optional.empty();
    MetricsFolder metrics = new MetricsFolder(folder);
    metrics.keepOnly(label, last.map(known -> known.parts().keySet()).orElse(Set.of()));
    MetricsJournal rows = new MetricsJournal(label, metrics);
    TrainingPoint start = last.map(known -> goOn(known, rows)).orElseGet(() -> begin(graph, init));
    BestModel best = new BestModel(folder, label);
    for (EpochRow row : metrics.epochs(label, start.position().epochs())) {
      best.remember(row.validationAccuracy());
    }
    // Better now than after the last epoch.
    best.check();
    ArtifactFolder artifacts = new ArtifactFolder(folder, label, source.classNames());
    artifacts.network(NetworkSummary.of(graph, Networks.IMAGES));
    CheckpointKeeper keeper =
        new CheckpointKeeper(
            checkpoints, rows, options.checkpointEvery(), plan, options.epochs(), deadline);
    List<Journal> journals = new ArrayList<>(List.of(rows, artifacts, best));
    journals.addAll(trackers);
    // The checkpoint last: what it counts as done has its rows, artifacts and best model.
    journals.add(keeper);
    ModelState end = train(blueprint, outerStep(layout), start, rows, journals);
    shown.notice(label + ": " + keeper.cost());

    List<EpochRow> epochs = metrics.epochs(label, options.epochs());
    GraphState.restore(graph, best.state().orElse(end));
    folder.replace(label + "/model.zip", ModelFile.write(graph));
    new ReportExamples(source, session.hadoop()).write(artifacts, graph, options.report().images());
    return ModelResult.of(epochs, counts, end.parametersSha256());
  }

  private OuterStep outerStep(ParameterLayout layout) {
    return OuterStep.of(
        options.averaging(), plan, Networks.learningRate(options, plan), layout.blocks());
  }

  private static TrainingPoint goOn(Checkpoint last, MetricsJournal rows) {
    rows.goOn(last.rows(), last.parts());
    return last.point();
  }

  private TrainingPoint begin(ComputationGraph graph, Optional<WarmStart> init) {
    UpdaterSections updater = new UpdaterSections(options.averaging().updaterState());
    ModelState fresh = updater.initial(GraphState.capture(graph), plan.workers());
    return TrainingPoint.start(
        init.map(model -> fresh.with(ModelState.PARAMETERS, model.parameters())).orElse(fresh));
  }

  private ModelState train(
      NetworkBlueprint blueprint,
      OuterStep outerStep,
      TrainingPoint start,
      MetricsJournal rows,
      List<Journal> journals) {
    String label = blueprint.label();
    Workers workers =
        new SparkWorkers(
            session.context(), shards, blueprint, RoundSettings.of(options), options.device());
    boolean validate = options.validation() > 0;
    Progress progress =
        new Progress(label, plan, options.epochs(), shown.lines(), shown.terminal());
    progress.goOn(start);
    journals.add(progress);
    journals.add(TrainingFigures.begin(label, plan, options.epochs(), folder.attempt()));
    if (options.trainer() == TrainerChoice.DL4J_SPARK) {
      return new Dl4jSparkTrainer(
              session.context(), shards, workers, plan, options.seed(), validate)
          .run(blueprint, start.state(), options.epochs(), rows, new RunJournal(journals));
    }
    return new TrainingLoop(label, workers, plan, outerStep, validate)
        .run(start, options.epochs(), new RunJournal(journals));
  }
}
