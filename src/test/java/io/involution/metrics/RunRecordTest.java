package io.involution.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.failure.InputException;
import io.involution.metrics.ModelResult.ParameterCounts;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordTest {
  @TempDir private Path temporary;

  private RunFolder take(Mode mode) {
    return RunFolder.take(temporary.resolve("run").toString(), mode, new Configuration());
  }

  private JsonNode json() throws IOException {
    return Json.tree(Files.readAllBytes(temporary.resolve("run/run.json")));
  }

  @Test
  void recordGrowsWithTheRun() throws IOException {
    RunRecord record = new RunRecord(take(Mode.NEW), Map.of("seed", "42"));
    record.with(Map.of("dataset", "synthetic")).write();

    JsonNode running = json();
    assertThat(running.get("status").asText()).isEqualTo("running");
    assertThat(running.get("ended").isNull()).isTrue();
    assertThat(running.get("attempt").asInt()).isEqualTo(1);
    assertThat(running.get("dataset").asText()).isEqualTo("synthetic");
    assertThat(running.get("results").size()).isZero();
    Instant.parse(running.get("started").asText());

    record.result(
        "convolution",
        new ModelResult(
            0.5,
            1,
            0.6,
            2.0,
            new ParameterCounts(3, 1),
            "abc",
            10.0,
            20.0,
            4,
            null,
            null,
            null,
            "epochs",
            null,
            null,
            null,
            null));
    assertThat(json().at("/results/convolution/test_accuracy").asDouble()).isEqualTo(0.5);
    assertThat(json().get("status").asText()).isEqualTo("running");

    record.done();
    assertThat(json().get("status").asText()).isEqualTo("done");
    Instant.parse(json().get("ended").asText());
    assertThat(json().at("/results/convolution/parameters/non_trainable").asInt()).isEqualTo(1);
  }

  @Test
  void anEndThatIsNoSuccessIsRecordedAndTakesNoSuccessBack() throws IOException {
    RunRecord record = new RunRecord(take(Mode.NEW), Map.of());

    record.stopped();
    assertThat(json().get("status").asText()).isEqualTo("stopped");
    record.failed();
    assertThat(json().get("status").asText()).isEqualTo("failed");
    Instant.parse(json().get("ended").asText());
    record.done();
    record.failed();
    assertThat(json().get("status").asText()).isEqualTo("done");
  }

  @Test
  void identityIsReadBack() {
    RunFolder folder = take(Mode.NEW);
    assertThat(RunRecord.identity(folder)).isEmpty();
    new RunRecord(folder, Map.of("seed", "42", "init", "")).write();

    assertThat(RunRecord.identity(take(Mode.RESUME))).contains(Map.of("seed", "42", "init", ""));
  }

  @Test
  void damagedRecordIsRefused() throws IOException {
    RunFolder folder = take(Mode.NEW);
    Files.writeString(temporary.resolve("run/run.json"), "{\"identity\":{");

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> RunRecord.identity(folder))
        .withMessageContaining("run.json is damaged")
        .withMessageContaining("--overwrite");
  }
}
