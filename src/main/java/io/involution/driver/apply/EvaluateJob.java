package io.involution.driver.apply;

import io.involution.config.ModelChoice;
import io.involution.data.DataFingerprint;
import io.involution.data.ExampleSource;
import io.involution.data.LimitedSource;
import io.involution.data.Sha256;
import io.involution.driver.GpuUse;
import io.involution.driver.RunInputs;
import io.involution.driver.RunPlace;
import io.involution.driver.input.ModelFiles;
import io.involution.driver.input.Networks;
import io.involution.driver.input.SavedModel;
import io.involution.driver.present.ReportExamples;
import io.involution.driver.present.RunReportFiles;
import io.involution.driver.provenance.JobVersion;
import io.involution.driver.provenance.Machine;
import io.involution.driver.provenance.RunFacts;
import io.involution.driver.provenance.RunIdentity;
import io.involution.evaluate.Evaluation;
import io.involution.failure.Places;
import io.involution.files.WriteProbe;
import io.involution.metrics.ArtifactFolder;
import io.involution.metrics.ClassResult;
import io.involution.metrics.ModelResult;
import io.involution.metrics.ModelResult.ParameterCounts;
import io.involution.metrics.RunRecord;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.summary.NetworkSummary;
import io.involution.report.EvaluationTable;
import io.involution.run.Identities;
import io.involution.run.RunFolder;
import io.involution.spark.ClusterSession;
import io.involution.spark.device.WorkerDevice;
import io.involution.spark.round.RoundSettings;
import io.involution.spark.round.Shards;
import io.involution.spark.round.SparkWorkers;
import io.involution.train.Workers.EvaluationSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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
   * A model that has been read.
   *
   * @param file its name
   * @param saved the network
   * @param state its parameters
   */
  private record Read(String file, SavedModel saved, ModelState state) {
    static Read of(String file, SavedModel saved) {
      return new Read(file, saved, GraphState.capture(saved.graph()));
    }

    String label() {
      return saved.blueprint().label();
    }
  }

  /**
   * Evaluates the models, prints the results and writes the folder.
   *
   * @throws io.involution.failure.InputException if a model or the data cannot be used
   */
  public void run() {
    ModelFiles files = new ModelFiles("MODEL", session.hadoop());
    List<String> names = files.of(options.model());
    names.forEach(file -> options.requireModelElsewhere(file, session.hadoop()));
    RunPlace place = RunPlace.check(options.output(), session);
    // Taken only at the end, so that a model that cannot be used overwrites nothing.
    options.output().out().ifPresent(out -> WriteProbe.run(out, session.hadoop()));
    List<Read> models = new ArrayList<>();
    try {
      names.forEach(file -> models.add(Read.of(file, files.read(file))));
      evaluate(place, models);
    } finally {
      models.forEach(model -> GraphState.close(model.saved().graph()));
    }
  }

  private void evaluate(RunPlace place, List<Read> models) {
    ExampleSource source =
        LimitedSource.of(
            inputs.whole(options.data(), options.examples()),
            Optional.empty(),
            options.testLimit());
    models.forEach(model -> model.saved().requireFor(source.schema(), model.file()));
    ReportExamples examples = new ReportExamples(source, session.hadoop());
    examples.check(options.report().images());
    int workers = inputs.workers(options.workers(), options.waitForSlots());
    List<WorkerDevice> devices = inputs.devices(workers, options.device());
    new GpuUse(devices)
        .requireFor(models.stream().map(model -> model.saved().blueprint()).toList());
    DataFingerprint data = inputs.fingerprint(source);
    Shards shards =
        new Shards(
            session.context(), source, workers, 0, inputs.profiles(workers, options.device()));
    Map<Read, Evaluation> tests = new LinkedHashMap<>();
    for (Read model : models) {
      Evaluation test = test(shards, model);
      print(model, data, test, source);
      tests.put(model, test);
    }

    RunIdentity identity = identity(data, models, devices);
    RunFolder folder = place.take(identity);
    RunRecord record =
        new RunRecord(folder, identity.values())
            .with(
                new RunFacts(
                    "evaluate",
                    data.dataset(),
                    data,
                    options.shown(folder.location()),
                    workers,
                    null,
                    devices,
                    session.record(inputs.slots()),
                    Machine.here()));
    for (Read model : models) {
      NetworkSummary summary =
          NetworkSummary.of(model.saved().graph(), Networks.input(source.schema().image()));
      Evaluation test = tests.get(model);
      ArtifactFolder artifacts =
          new ArtifactFolder(folder, model.label(), source.schema().classes());
      artifacts.network(summary);
      artifacts.evaluated(test);
      examples.write(
          artifacts,
          model.saved().graph(),
          model.saved().blueprint().normalization(),
          options.report().images());
      ParameterCounts counts = new ParameterCounts(summary.trainable(), summary.nonTrainable());
      record.result(
          model.label(),
          ModelResult.of(test, counts, model.state().parametersSha256())
              .with(ClassResult.of(test.confusion(null, source.schema().classes()))));
    }
    record.done();
    System.out.println("written to " + folder.location());
    System.out.println(RunReportFiles.afterTraining(folder));
  }

  private Evaluation test(Shards shards, Read model) {
    SparkWorkers workers =
        new SparkWorkers(
            session.context(),
            shards,
            model.saved().blueprint(),
            RoundSettings.plain(0, options.testTime()),
            options.device());
    Evaluation test = workers.evaluate(EvaluationSet.TEST, model.state());
    if (!Double.isFinite(test.lossSum())) {
      throw SavedModel.notFinite(model.file());
    }
    return test;
  }

  private static void print(
      Read model, DataFingerprint data, Evaluation test, ExampleSource source) {
    System.out.printf(
        "%s network, %s on %s (%s)%n%n",
        model.label(), Places.shown(model.file()), data.dataset(), data.location());
    System.out.println(EvaluationTable.of(test, source.schema().classes()));
  }

  /**
   * What determines an evaluation's result. It equals no training run's, so that none can resume in
   * its folder.
   */
  private RunIdentity identity(
      DataFingerprint data, List<Read> models, List<WorkerDevice> devices) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("command", "evaluate");
    values.put("job_version", JobVersion.version());
    values.put(
        "parameters_sha256",
        models.stream()
            .map(model -> model.state().parametersSha256())
            .collect(Collectors.joining(", ")));
    values.put("data_sha256", data.sha256());
    values.put("test_examples", String.valueOf(data.testExamples()));
    values.put("test_time", options.testTime().word());
    values.put("device", String.join(", ", WorkerDevice.kinds(devices)));
    values.putAll(users(models.stream().map(model -> model.saved().blueprint()).toList()));
    return new RunIdentity(values);
  }

  /** The digests of users' networks: by their keys, the folder knows their names as its own. */
  static Map<String, String> users(List<NetworkBlueprint> networks) {
    Map<String, String> digests = new LinkedHashMap<>();
    for (NetworkBlueprint network : networks) {
      if (!ModelChoice.OURS.contains(network.label())) {
        byte[] json = network.json().getBytes(StandardCharsets.UTF_8);
        digests.put(Identities.NETWORK + network.label(), Sha256.hex(json));
      }
    }
    return digests;
  }
}
