package io.involution.driver;

import io.involution.config.TrainOptions;
import io.involution.config.TrainerChoice;
import io.involution.data.DataSchema;
import io.involution.data.ExampleSource;
import io.involution.driver.input.Networks;
import io.involution.driver.input.StepRules;
import io.involution.driver.journal.CheckpointKeeper;
import io.involution.driver.journal.ModelOutputs;
import io.involution.driver.journal.RunJournal;
import io.involution.driver.present.Presentation;
import io.involution.driver.present.ReportExamples;
import io.involution.driver.provenance.JobVersion;
import io.involution.driver.provenance.RunIdentity;
import io.involution.metrics.ModelResult;
import io.involution.metrics.ModelResult.ParameterCounts;
import io.involution.metrics.Progress;
import io.involution.model.ModelMetadata;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterLayout;
import io.involution.model.summary.NetworkSummary;
import io.involution.monitoring.TrainingMetrics;
import io.involution.run.Checkpoint;
import io.involution.run.Checkpoints;
import io.involution.run.Deadline;
import io.involution.run.RunFolder;
import io.involution.spark.ClusterSession;
import io.involution.spark.dl4j.Dl4jSparkTrainer;
import io.involution.spark.round.RoundSettings;
import io.involution.spark.round.Shards;
import io.involution.spark.round.SparkWorkers;
import io.involution.train.EpochEvaluation;
import io.involution.train.Journal;
import io.involution.train.TrainingLoop;
import io.involution.train.TrainingPoint;
import io.involution.train.Workers;
import io.involution.train.outer.LogDeviations;
import io.involution.train.outer.OuterStep;
import io.involution.train.time.Course;
import io.involution.train.time.Ending;
import io.involution.train.time.EpochPlan;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The training of the networks of a run, each from its initial weights or checkpoint to its files.
 *
 * @param setting what to train, on what
 * @param plan how an epoch is divided into rounds
 * @param folder the run's folder
 * @param identity everything that determines the run's result
 */
record ModelTraining(Setting setting, EpochPlan plan, RunFolder folder, RunIdentity identity) {
  /**
   * What to train, and on what data.
   *
   * @param session the cluster
   * @param options what to train and how
   * @param source where the examples are
   * @param shown how the run's output is presented
   * @param deadline when to stop at a checkpoint
   */
  record Setting(
      ClusterSession session,
      TrainOptions options,
      ExampleSource source,
      Presentation shown,
      Deadline deadline) {}

  /**
   * Trains one network.
   *
   * @param network the network
   * @param shards the workers' examples
   * @param init the parameters to start from, if not new ones
   * @param trackers called in addition to the run's own journals
   */
  ModelResult run(
      NetworkBlueprint network, Shards shards, Optional<WarmStart> init, List<Journal> trackers) {
    DataSchema schema = setting.source().schema();
    NetworkBlueprint blueprint =
        Networks.trained(network, setting.options().loss(), shards::classCounts);
    ComputationGraph graph = blueprint.build();
    try {
      Workers workers =
          new SparkWorkers(
              setting.session().context(),
              shards,
              blueprint,
              RoundSettings.of(setting.options(), deviations(graph)),
              setting.options().cluster().device());
      String label = blueprint.label();
      Checkpoints checkpoints = new Checkpoints(folder, label, identity.values());
      Optional<Checkpoint> last =
          setting.options().output().resume()
              ? checkpoints.latest(setting.shown()::line)
              : Optional.empty();
      ModelOutputs outputs = new ModelOutputs(folder, label, schema.classes(), last);
      outputs.artifacts().network(NetworkSummary.of(graph, Networks.input(schema.image())));
      Ending ending = outputs.ending(setting.options());
      TrainingPoint start =
          last.map(Checkpoint::point)
              .orElseGet(
                  () ->
                      init.map(model -> begin(graph, model.parameters(blueprint)))
                          .orElseGet(() -> begin(graph, blueprint, shards)));
      CheckpointKeeper keeper =
          new CheckpointKeeper(
              checkpoints,
              outputs.rows(),
              new CheckpointKeeper.Rhythm(setting.options().checkpointEvery(), plan),
              ending,
              setting.deadline());
      TrainingMetrics metrics = metrics(label, start);
      // The checkpoint last: it covers what the files of all the others contain.
      RunJournal journals =
          new RunJournal(
              Stream.of(
                      outputs.journals(),
                      trackers,
                      List.of(progress(label, start), metrics, keeper))
                  .flatMap(List::stream)
                  .toList());
      TrainingPoint end =
          setting.options().trainer() == TrainerChoice.DL4J_SPARK
              ? dl4jSpark(shards, workers).run(blueprint, start.state(), ending, journals)
              : loop(label, graph, workers).run(start, ending, journals);
      int epochs = end.position().epochs();
      ending.early(epochs).ifPresent(why -> setting.shown().notice(label + ": " + why));
      setting.shown().notice(label + ": " + keeper.cost());
      if (!outputs.artifacts().hasEvaluation(epochs)) {
        // Lost or damaged since the epoch ended.
        outputs
            .artifacts()
            .evaluatedAgain(
                epochs, workers.evaluate(Workers.EvaluationSet.TEST, end.state().averaged()));
      }
      ModelResult result = finish(blueprint, outputs, graph, end, ending);
      metrics.finished(result);
      return result;
    } finally {
      GraphState.close(graph);
    }
  }

  private LogDeviations deviations(ComputationGraph graph) {
    return LogDeviations.of(ParameterLayout.of(graph), plan.workers());
  }

  private StepRules rules() {
    return new StepRules(setting.options(), plan);
  }

  private Course course() {
    return new Course(plan, setting.options().epochs());
  }

  private TrainingPoint begin(ComputationGraph graph, float[] parameters) {
    return TrainingPoint.start(rules().fresh(graph).with(ModelState.PARAMETERS, parameters));
  }

  private TrainingPoint begin(ComputationGraph graph, NetworkBlueprint network, Shards shards) {
    ModelState fresh = rules().fresh(graph);
    return TrainingPoint.start(shards.whitened(graph, fresh, network.normalization()));
  }

  private Progress progress(String label, TrainingPoint start) {
    Presentation shown = setting.shown();
    Progress progress = new Progress(label, course(), shown.lines(), shown.terminal());
    progress.goOn(start);
    return progress;
  }

  private TrainingMetrics metrics(String label, TrainingPoint start) {
    return TrainingMetrics.begin(
        new TrainingMetrics.Subject(folder.location(), label),
        course(),
        folder.attempt(),
        start.position());
  }

  private TrainingLoop loop(String label, ComputationGraph graph, Workers workers) {
    OuterStep outerStep = rules().outer(ParameterLayout.of(graph));
    return new TrainingLoop(label, plan, outerStep, evaluation(workers));
  }

  private Dl4jSparkTrainer dl4jSpark(Shards shards, Workers workers) {
    return new Dl4jSparkTrainer(
        setting.session().context(), shards, plan, setting.options().seed(), evaluation(workers));
  }

  private EpochEvaluation evaluation(Workers workers) {
    TrainOptions options = setting.options();
    return new EpochEvaluation(workers, options.validation() > 0, options.evaluation().cadence());
  }

  private ModelResult finish(
      NetworkBlueprint blueprint,
      ModelOutputs outputs,
      ComputationGraph graph,
      TrainingPoint end,
      Ending ending) {
    ModelState last = end.state().averaged();
    outputs.saveModel(
        blueprint,
        graph,
        last,
        new ModelMetadata(
            blueprint.label(),
            setting.source().schema(),
            blueprint.normalization(),
            JobVersion.version()));
    new ReportExamples(setting.source(), setting.session().hadoop())
        .write(
            outputs.artifacts(),
            graph,
            blueprint.normalization(),
            setting.options().report().images());
    ParameterLayout layout = ParameterLayout.of(graph);
    return ModelResult.of(
            outputs.epochs(end.position().epochs()),
            ending.reason(end.position().epochs()),
            new ParameterCounts(layout.trainable(), layout.nonTrainable()),
            last.parametersSha256())
        .with(outputs.artifacts().classes());
  }
}
