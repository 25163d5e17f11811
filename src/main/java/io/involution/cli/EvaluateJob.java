package io.involution.cli;

import io.involution.config.DeviceChoice;
import io.involution.config.Places;
import io.involution.data.DataFingerprint;
import io.involution.data.ExampleSource;
import io.involution.evaluate.Evaluation;
import io.involution.layers.NativeThreads;
import io.involution.model.GraphState;
import io.involution.model.ModelFile;
import io.involution.model.ModelState;
import io.involution.model.NetworkBlueprint;
import io.involution.report.EvaluationTable;
import io.involution.spark.ClusterSession;
import io.involution.spark.DataInspection;
import io.involution.spark.Shards;
import io.involution.spark.SparkWorkers;
import io.involution.spark.TaskSlots;
import io.involution.train.Workers.EvaluationSet;
import java.time.Duration;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The evaluate command on a cluster. */
final class EvaluateJob {
  private final ClusterSession session;
  private final String model;
  private final String data;
  private final DeviceChoice device;
  private final Optional<Integer> testLimit;

  EvaluateJob(
      ClusterSession session,
      String model,
      String data,
      DeviceChoice device,
      Optional<Integer> testLimit) {
    this.session = session;
    this.model = model;
    this.data = data;
    this.device = device;
    this.testLimit = testLimit;
  }

  void run(Optional<Integer> wantedWorkers, int waitForSlots) {
    NativeThreads.useOne();
    String file = SavedModel.file(model);
    byte[] bytes = DriverFile.bytes("MODEL", file, session.hadoop());
    NetworkBlueprint blueprint = SavedModel.blueprint(bytes, file);
    ModelState state = state(bytes, Places.shown(file), blueprint);
    ExampleSource source =
        Sources.open(data, Optional.empty(), testLimit, session, System.out::println);
    int workers =
        new TaskSlots(session, System.out::println)
            .workers(wantedWorkers, Duration.ofSeconds(waitForSlots));
    DataFingerprint fingerprint = DataInspection.run(session.context(), source);
    Shards shards = new Shards(session.context(), source, workers, 0);
    Evaluation evaluation =
        new SparkWorkers(session.context(), shards, blueprint, 0, device)
            .evaluate(EvaluationSet.TEST, state);
    System.out.printf(
        "%s network, %s on %s (%s)%n%n",
        blueprint.label(), Places.shown(file), fingerprint.dataset(), fingerprint.location());
    System.out.print(EvaluationTable.of(evaluation, source.classNames()));
  }

  private static ModelState state(byte[] bytes, String file, NetworkBlueprint blueprint) {
    ComputationGraph graph = blueprint.build();
    try {
      float[] parameters = ModelFile.readParameters(bytes, file, graph);
      return GraphState.capture(graph).with(ModelState.PARAMETERS, parameters);
    } finally {
      graph.close();
    }
  }
}
