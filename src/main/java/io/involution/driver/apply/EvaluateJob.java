package io.involution.driver.apply;

import io.involution.data.DataFingerprint;
import io.involution.data.ExampleSource;
import io.involution.driver.RunInputs;
import io.involution.driver.RunPlace;
import io.involution.driver.input.Networks;
import io.involution.driver.input.RecordedModel;
import io.involution.driver.input.SavedModel;
import io.involution.driver.present.ReportExamples;
import io.involution.driver.present.RunReportFiles;
import io.involution.driver.provenance.JobVersion;
import io.involution.driver.provenance.Machine;
import io.involution.driver.provenance.RunIdentity;
import io.involution.evaluate.Evaluation;
import io.involution.failure.Places;
import io.involution.metrics.ArtifactFolder;
import io.involution.metrics.ModelResult;
import io.involution.metrics.ModelResult.ParameterCounts;
import io.involution.metrics.RunRecord;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.summary.NetworkSummary;
import io.involution.report.EvaluationTable;
import io.involution.run.RunFolder;
import io.involution.spark.ClusterSession;
import io.involution.spark.device.WorkerDevice;
import io.involution.spark.round.RoundSettings;
import io.involution.spark.round.Shards;
import io.involution.spark.round.SparkWorkers;
import io.involution.train.Workers.EvaluationSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The evaluate command on a cluster. Its results go to a folder of their own with the layout of a
 * run; the run that trained the model stays unchanged.
 */
public final class EvaluateJob {
  private final ClusterSession session;
  private final RunInputs inputs;
  private final EvaluateOptions options;

  /** Prepares an evaluation. */
  public EvaluateJob(RunInputs inputs, EvaluateOptions options) {
    this.session = inputs.session();
    this.inputs = inputs;
    this.options = options;
  }

  /**
   * Evaluates the model, prints the results and writes the folder.
   *
   * @throws io.involution.failure.InputException if the model or the data cannot be used
   */
  public void run() {
    options.requireModelElsewhere(session.hadoop());
    RunPlace place = RunPlace.check(options.output(), session);
    String file = SavedModel.file(options.model());
    byte[] bytes = RecordedModel.read("MODEL", file, session.hadoop());
    SavedModel saved = SavedModel.read(bytes, file);
    ComputationGraph graph = saved.graph();
    try {
      evaluate(place, saved.blueprint(), graph, GraphState.capture(graph));
    } finally {
      graph.close();
    }
  }

  private void evaluate(
      RunPlace place, NetworkBlueprint blueprint, ComputationGraph graph, ModelState state) {
    ExampleSource source = inputs.source(options.data(), Optional.empty(), options.testLimit());
    ReportExamples examples = new ReportExamples(source, session.hadoop());
    examples.check(options.report().images());
    int workers = inputs.workers(options.workers(), options.waitForSlots());
    List<WorkerDevice> devices = inputs.devices(workers, options.device());
    DataFingerprint data = inputs.fingerprint(source);
    Shards shards =
        new Shards(
            session.context(), source, workers, 0, inputs.profiles(workers, options.device()));
    Evaluation test =
        new SparkWorkers(
                session.context(), shards, blueprint, RoundSettings.plain(0), options.device())
            .evaluate(EvaluationSet.TEST, state);
    if (!Double.isFinite(test.lossSum())) {
      throw SavedModel.notFinite(SavedModel.file(options.model()));
    }
    print(blueprint, data, test, source);

    RunIdentity identity = identity(data, state);
    RunFolder folder = place.take(identity);
    RunRecord record =
        new RunRecord(folder, identity.values())
            .with("command", "evaluate")
            .with("dataset", data.dataset())
            .with("data", data)
            .with("options", options.shown(folder.location()))
            .with("workers", workers)
            .with("devices", devices)
            .with("cluster", session.record(workers))
            .with("machine", Machine.here());
    NetworkSummary summary = NetworkSummary.of(graph, Networks.IMAGES);
    ArtifactFolder artifacts = new ArtifactFolder(folder, blueprint.label(), source.classNames());
    artifacts.network(summary);
    artifacts.evaluated(test);
    examples.write(artifacts, graph, options.report().images());
    ParameterCounts counts = new ParameterCounts(summary.trainable(), summary.nonTrainable());
    record.result(blueprint.label(), ModelResult.of(test, counts, state.parametersSha256()));
    record.done();
    System.out.println("\nwritten to " + folder.location());
    System.out.println(RunReportFiles.afterTraining(folder));
  }

  private void print(
      NetworkBlueprint blueprint, DataFingerprint data, Evaluation test, ExampleSource source) {
    System.out.printf(
        "%s network, %s on %s (%s)%n%n",
        blueprint.label(),
        Places.shown(SavedModel.file(options.model())),
        data.dataset(),
        data.location());
    System.out.print(EvaluationTable.of(test, source.classNames()));
  }

  /**
   * What determines an evaluation's result. It equals no training run's, so that none can resume in
   * its folder.
   */
  private static RunIdentity identity(DataFingerprint data, ModelState state) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("command", "evaluate");
    values.put("job_version", JobVersion.version());
    values.put("parameters_sha256", state.parametersSha256());
    values.put("data_sha256", data.sha256());
    values.put("test_examples", String.valueOf(data.testExamples()));
    return new RunIdentity(values);
  }
}
