package io.involution.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.metrics.Json;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import io.involution.tracking.MlflowRun.End;
import io.involution.tracking.MlflowServer.Run;
import io.involution.train.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that speaks MLflow's REST routes. */
class MlflowRunTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final DataSchema SCHEMA =
      new DataSchema(new ImageShape(3, 8, 9), List.of("a", "b", "c", "d"));

  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
  @TempDir private Path folder;
  private RunFolder run;
  private MlflowServer server;
  private Duration answer = MlflowClient.ANSWER;

  @BeforeEach
  void start() throws IOException {
    server = new MlflowServer();
    run = RunFolder.take(folder.resolve("first").toString(), Mode.NEW, new Configuration());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aRunIsLoggedFromStartToEnd() throws IOException {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("epochs", 2);
    parameters.put("init", null);
    parameters.put("data", "x".repeat(800));
    Files.writeString(folder.resolve("first/run.json"), "{}");

    MlflowRun logged = started(parameters, Map.of("MLFLOW_TRACKING_TOKEN", "secret-token"), "");
    Journal journal = logged.journal("involution");
    journal.epochEnded(EventFileTest.outcome(1));
    journal.epochEnded(EventFileTest.outcome(2));
    logged.upload(List.of("run.json", "report/index.html"));
    logged.end(End.FINISHED, PATIENCE);

    assertThat(warnings).isEmpty();
    assertThat(server.authorizations).containsOnly("Bearer secret-token");
    assertThat(server.requests)
        .startsWith(
            "GET experiments/get-by-name?experiment_name=involution-spark",
            "POST experiments/create",
            "POST runs/create");
    assertThat(server.run().status).isEqualTo("FINISHED");
    assertThat(server.run().tags)
        .containsEntry("run_name", "first")
        .containsEntry("folder", run.location());
    assertThat(server.run().parameters)
        .containsOnlyKeys("epochs", "data")
        .containsEntry("epochs", "2")
        .containsEntry("data", "x".repeat(500));
    for (int epoch = 1; epoch <= 2; epoch++) {
      assertThat(server.run().metrics)
          .hasSize(10)
          .containsEntry("involution/test_accuracy@" + epoch, 0.75)
          .containsEntry("involution/test_loss@" + epoch, 0.5)
          .containsEntry("involution/train_accuracy@" + epoch, 0.5)
          .containsEntry("involution/train_loss@" + epoch, 1.5)
          .containsEntry("involution/examples_per_second@" + epoch, 50.0);
    }
    // There is no report to upload: what is there is.
    assertThat(server.files).containsOnlyKeys("17/run-1/artifacts/run.json");
  }

  /** As MLflow's readers of models look at it: YAML files, and the types as JSON in strings. */
  @Test
  void aTrainedNetworkIsLoggedAsAModel() throws IOException {
    byte[] onnx = {1, 2, 3};
    MlflowRun logged = started(Map.of(), Map.of(), "");
    logged.log(new MlflowModel("involution", SCHEMA, onnx));
    logged.end(End.FINISHED, PATIENCE);

    assertThat(warnings).isEmpty();
    String place = "17/run-1/artifacts/involution/model/";
    assertThat(server.files.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of("MLmodel", "model.onnx", "requirements.txt", "conda.yaml", "python_env.yaml")
                .map(place::concat)
                .toList());
    assertThat(server.files.get(place + "model.onnx")).isEqualTo(onnx);
    JsonNode model = Json.tree(server.files.get(place + "MLmodel"));
    assertThat(model.at("/artifact_path").asText()).isEqualTo("involution/model");
    assertThat(model.at("/run_id").asText()).isEqualTo("run-1");
    assertThat(model.at("/flavors/onnx/data").asText()).isEqualTo("model.onnx");
    assertThat(model.at("/flavors/python_function/loader_module").asText())
        .isEqualTo("mlflow.onnx");
    assertThat(model.at("/utc_time_created").asText())
        .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6}");
    assertThat(model.at("/signature/inputs").asText())
        .isEqualTo(
            "[{\"name\":\"images\",\"type\":\"tensor\",\"tensor-spec\":"
                + Json.line(Map.of("dtype", "float32", "shape", List.of(-1, 3, 8, 9)))
                + "}]");
    assertThat(model.at("/signature/outputs").asText()).contains("probabilities", "[-1,4]");
    assertThat(server.run().models)
        .singleElement()
        .satisfies(json -> assertThat(Json.tree(json.getBytes(UTF_8))).isEqualTo(model));
  }

  @Test
  void aServerWithoutModelsKeepsTheRest() {
    server.failing.put("runs/log-model", 404);
    MlflowRun logged = started(Map.of(), Map.of(), "");
    logged.log(new MlflowModel("involution", SCHEMA, new byte[1]));
    logged.end(End.FINISHED, PATIENCE);

    assertThat(server.run().status).isEqualTo("FINISHED");
    assertThat(warnings).singleElement().asString().contains("not listed as models");
  }

  @Test
  void anAttemptThatGoesOnLogsToTheSameRun() {
    MlflowRun first = started(Map.of("epochs", 2), Map.of(), "");
    first.journal("x").epochEnded(EventFileTest.outcome(1));
    first.end(End.KILLED, PATIENCE);
    first.end(End.FAILED, PATIENCE);
    assertThat(server.run().status).isEqualTo("KILLED");

    resume();
    MlflowRun second = started(Map.of("epochs", 2), Map.of(), "me:word@");
    second.journal("x").epochEnded(EventFileTest.outcome(2));

    second.end(End.FINISHED, PATIENCE);
    assertThat(server.runs).hasSize(1);
    assertThat(server.run().status).isEqualTo("FINISHED");
    assertThat(server.run().metrics).containsKeys("x/test_loss@1", "x/test_loss@2");
    assertThat(server.requests).contains("GET runs/get?run_id=run-1");
    assertThat(warnings).isEmpty();
  }

  @Test
  void parametersThatAnAttemptCouldNotSendAreSentByTheNext() {
    server.failing.put("runs/log-batch", 503);
    started(Map.of("epochs", 2), Map.of(), "").end(End.KILLED, PATIENCE);
    assertThat(server.run().parameters).isEmpty();
    server.failing.clear();

    resume();
    started(Map.of("epochs", 2), Map.of(), "").end(End.FINISHED, PATIENCE);

    assertThat(server.runs).hasSize(1);
    assertThat(server.run().parameters).containsEntry("epochs", "2");
    resume();
    started(Map.of("epochs", 3), Map.of(), "").end(End.FINISHED, PATIENCE);
    assertThat(server.run().parameters).containsEntry("epochs", "2");
  }

  @Test
  void aRunThatTheServerHasNoMoreIsLoggedAnew() {
    started(Map.of("epochs", 2), Map.of(), "").end(End.FAILED, PATIENCE);
    assertThat(server.run().status).isEqualTo("FAILED");
    server.run().deleted = true;

    resume();
    started(Map.of("epochs", 2), Map.of(), "").end(End.FINISHED, PATIENCE);

    Run anew = server.runs.get("run-2");
    assertThat(anew.status).isEqualTo("FINISHED");
    assertThat(anew.parameters).containsEntry("epochs", "2");
  }

  @Test
  void credentialsAreInNoWarningAndNoFile() throws IOException {
    server.failing.put("runs/log-batch", 403);

    MlflowRun logged =
        started(Map.of("epochs", 2), Map.of("MLFLOW_TRACKING_TOKEN", "t"), "me:my%20word@");
    logged.end(End.FAILED, PATIENCE);

    assertThat(server.authorizations).containsOnly("Basic bWU6bXkgd29yZA==");
    assertThat(server.run().status).isEqualTo("FAILED");
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("warning: ")
        .contains("runs/log-batch answered 403")
        .doesNotContain("word");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).doesNotContain("word", "bWU6");
      }
    }
    server.failing.clear();
    resume();
    Map<String, String> named =
        Map.of("MLFLOW_TRACKING_USERNAME", "me", "MLFLOW_TRACKING_PASSWORD", "my word");
    server.authorizations.clear();
    started(Map.of(), named, "").end(End.FINISHED, PATIENCE);
    assertThat(server.authorizations).containsOnly("Basic bWU6bXkgd29yZA==");
  }

  @Test
  void whatAServerMissedWhileItWasBrokenIsSentAgain() {
    server.failing.put("experiments/get-by-name", 500);
    MlflowRun logged = started(Map.of("epochs", 3), Map.of(), "");
    logged.journal("x").epochEnded(EventFileTest.outcome(1));
    await(() -> server.requests.size() >= 2);
    server.failing.clear();
    logged.journal("x").epochEnded(EventFileTest.outcome(2));
    await(() -> server.runs.size() == 1 && server.run().metrics.size() == 10);
    server.failing.put("runs/log-batch", 503);
    logged.journal("x").epochEnded(EventFileTest.outcome(3));
    await(() -> server.requests.stream().filter("POST runs/log-batch"::equals).count() >= 2);
    server.failing.clear();

    logged.end(End.FINISHED, PATIENCE);

    assertThat(server.run().metrics).hasSize(15);
    assertThat(server.run().parameters).containsEntry("epochs", "3");
    assertThat(server.run().status).isEqualTo("FINISHED");
    assertThat(warnings).singleElement().asString().contains("get-by-name answered 500");
  }

  @Test
  void anExperimentThatAnotherRunHasJustCreatedIsUsed() {
    server.raced = true;

    started(Map.of("epochs", 2), Map.of(), "").end(End.FINISHED, PATIENCE);

    assertThat(server.requests)
        .startsWith(
            "GET experiments/get-by-name?experiment_name=involution-spark",
            "POST experiments/create",
            "GET experiments/get-by-name?experiment_name=involution-spark",
            "POST runs/create");
    assertThat(server.run().parameters).containsEntry("epochs", "2");
    assertThat(warnings).isEmpty();
  }

  @Test
  void aClientThatCannotBeSetUpIsAWarning() {
    assertThat(MlflowRun.start("no address", Map.of(), run, Map.of(), warnings::add)).isEmpty();

    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("warning: MLflow: ")
        .contains("training continues");
  }

  @Test
  void aServerThatIsAwayIsOneWarning() {
    server.close();

    MlflowRun logged = started(Map.of(), Map.of(), "");
    logged.journal("x").epochEnded(EventFileTest.outcome(1));
    logged.upload(List.of("run.json"));
    logged.end(End.FINISHED, PATIENCE);

    assertThat(warnings).singleElement().asString().contains("training continues");
  }

  @Test
  void nobodyWaitsForAServerThatHangs() {
    server.delayMillis = 60_000;
    answer = Duration.ofMillis(300);
    long start = System.nanoTime();

    MlflowRun logged = started(Map.of(), Map.of(), "");
    Journal journal = logged.journal("x");
    for (int epoch = 1; epoch <= 200; epoch++) {
      journal.epochEnded(EventFileTest.outcome(epoch));
    }
    long told = System.nanoTime();
    logged.end(End.KILLED, Duration.ofMillis(500));
    long ended = System.nanoTime();

    assertThat(Duration.ofNanos(told - start)).isLessThan(Duration.ofMillis(1500));
    assertThat(Duration.ofNanos(ended - told)).isLessThan(Duration.ofMillis(1500));
    // The first says nothing of what is lost at the end: a server may come back in between.
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0)).contains("no answer in 300 ms", "training continues");
    assertThat(warnings.get(1)).contains("not everything was accepted", "the rest is lost");
  }

  @Test
  void aFileThatFailsDoesNotKeepTheNextFromTheServer() throws IOException {
    Files.writeString(folder.resolve("first/run.json"), "{}");
    Files.writeString(folder.resolve("first/metrics.jsonl"), "{}");
    server.failing.put("mlflow-artifacts/artifacts/17/run-1/artifacts/run.json", 503);

    MlflowRun logged = started(Map.of(), Map.of(), "");
    logged.upload(List.of("run.json", "metrics.jsonl"));
    logged.end(End.FINISHED, PATIENCE);

    assertThat(server.files).containsOnlyKeys("17/run-1/artifacts/metrics.jsonl");
    assertThat(warnings).singleElement().asString().contains("run.json answered 503");
  }

  @Test
  void filesThatTheServerDoesNotTakeDoNotKeepTheRunFromEnding() throws IOException {
    Files.writeString(folder.resolve("first/run.json"), "{}");
    server.failing.put("mlflow-artifacts/artifacts/", 503);
    MlflowRun first = started(Map.of(), Map.of(), "");
    first.upload(List.of("run.json"));
    first.end(End.FINISHED, PATIENCE);
    assertThat(server.run().status).isEqualTo("FINISHED");
    assertThat(warnings).singleElement().asString().contains("answered 503");

    warnings.clear();
    resume();
    server.artifactRoot = "s3://bucket/17/";
    MlflowRun second = started(Map.of(), Map.of(), "");
    second.upload(List.of("run.json"));
    second.end(End.FINISHED, PATIENCE);
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("does not accept files", "only in", "/first");
    assertThat(server.files).isEmpty();
  }

  /** What names hold reaches the server as it is, inside JSON that is still what it was. */
  @Test
  void hostileNamesArriveWhole() {
    String name = "x\",\"user_id\":\"root\u001b[2J\n\u202e</script>'; -- \\ \u05e9";
    String out = folder.resolve("x\",\"a\":\"=\u001b[31m\u202e ' \\").toString();
    run = RunFolder.take(out, Mode.NEW, new Configuration());
    Map<String, Object> parameters = Map.of("data", name, "seed", 7);

    MlflowRun logged = started(parameters, Map.of(), "");
    logged.journal(name).epochEnded(EventFileTest.outcome(1));
    logged.end(End.FINISHED, PATIENCE);

    assertThat(warnings).isEmpty();
    assertThat(server.requests.get(0)).matches("GET experiments/get-by-name\\?[!-~]+");
    assertThat(server.run().parameters).isEqualTo(Map.of("data", name, "seed", "7"));
    assertThat(server.run().tags).containsEntry("run_name", Path.of(out).getFileName().toString());
    assertThat(server.run().metrics).containsEntry(name + "/test_accuracy@1", 0.75);
  }

  private MlflowRun started(
      Map<String, Object> parameters, Map<String, String> environment, String userInfo) {
    MlflowClient client = new MlflowClient(server.address(userInfo), environment, answer);
    return new MlflowRun(client, run, parameters, warnings::add).started();
  }

  private void resume() {
    run = RunFolder.take(folder.resolve("first").toString(), Mode.RESUME, new Configuration());
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
