package io.involution.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import io.involution.tracking.MlflowRun.End;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the server that MLflow starts. */
class UvicornTest {
  private static final Optional<String> PYTHON = Uvicorn.python();

  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"httptools", "h11"})
  void everyBodyArrives(String parser) throws IOException {
    List<String> seen = logged(parser, Map.of());

    assertThat(warnings).isEmpty();
    List<String> routes = new ArrayList<>();
    for (String line : seen) {
      JsonNode request = Json.tree(line.getBytes(StandardCharsets.UTF_8));
      routes.add(request.path("route").asText() + " " + request.path("code").asInt());
      if (request.path("route").asText().endsWith("run.json")) {
        assertThat(request.path("body").asText()).isEqualTo("{\"a\":1}");
      }
    }
    assertThat(routes)
        .containsExactly(
            "mlflow/experiments/get-by-name 404",
            "mlflow/experiments/create 200",
            "mlflow/runs/create 200",
            "mlflow/runs/log-batch 200",
            "mlflow/runs/log-batch 200",
            "mlflow-artifacts/artifacts/7/r1/artifacts/run.json 200",
            "mlflow/runs/update 200");
    assertThat(seen.get(seen.size() - 1)).contains("FINISHED");
  }

  @Test
  void aDeletedExperimentIsNotUsedAndIsNamed() throws IOException {
    List<String> seen = logged("h11", Map.of("DELETED", "1"));

    assertThat(seen).hasSize(1);
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("experiment involution-spark is deleted", "restore", "nothing of it is logged")
        .doesNotContain("again", "still sent");
  }

  private List<String> logged(String parser, Map<String, String> environment) throws IOException {
    assumeTrue(PYTHON.isPresent(), "no python3 with uvicorn, httptools and h11");
    RunFolder run = RunFolder.take(folder.resolve("run").toString(), Mode.NEW, new Configuration());
    Files.writeString(folder.resolve("run/run.json"), "{\"a\":1}");
    try (Uvicorn server = new Uvicorn(PYTHON.get(), folder, parser, environment)) {
      String address = "http://127.0.0.1:" + server.port() + "/base/";
      MlflowRun logged =
          MlflowRun.start(address, Map.of(), run, Map.of("epochs", 1), warnings::add).orElseThrow();
      logged.journal("involution").epochEnded(EventFileTest.outcome(1));
      logged.upload(List.of("run.json"));
      logged.end(End.FINISHED, Duration.ofSeconds(20));
      return server.seen();
    }
  }
}
