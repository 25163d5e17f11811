package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.involution.metrics.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is told to stop says so by its exit code, and goes on to the same bits. */
class StopIT {
  @TempDir private Path folder;

  @Test
  void aStoppedRunGoesOnToTheSameBits() throws Exception {
    Path log = folder.resolve("stopped.log");
    Process process =
        new ProcessBuilder(command("stopped"))
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      // In the middle of epoch 2: an epoch has 4 rounds.
      awaitFile(process, log, "stopped/convolution/checkpoint-e00001-r00001-a00001/_COMMITTED");
      process.destroy();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(3);
    List<String> lines = Files.readAllLines(log);
    assertThat(lines.get(lines.size() - 1))
        .startsWith("stopped: the last checkpoint is kept")
        .contains("--resume");
    assertThat(lines).noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR "));
    assertThat(record("stopped").path("status").asText()).isEqualTo("stopped");

    Submitted whole = Submitted.shared(options("whole"));
    List<String> again = new ArrayList<>(List.of(options("stopped")));
    again.add("--resume");
    Submitted resumed = Submitted.shared(again.toArray(String[]::new));

    assertThat(whole.code()).as(whole.err()).isZero();
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("resuming after epoch 2, round ");
    assertThat(result("stopped")).isEqualTo(result("whole"));
  }

  private void awaitFile(Process process, Path log, String name) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!Files.exists(folder.resolve(name))) {
      assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private List<String> command(String name) {
    List<String> command = new ArrayList<>(List.of("submit/local"));
    command.addAll(List.of(options(name)));
    return command;
  }

  private String[] options(String name) {
    return new String[] {
      "train",
      "--model",
      "convolution",
      "--data",
      "synthetic",
      "--train-limit",
      "250",
      "--test-limit",
      "20",
      "--batch-size",
      "32",
      "--epochs",
      "3",
      "--averaging-period",
      "2",
      "--checkpoint-every",
      "1round",
      "--workers",
      "2",
      "--out",
      folder.resolve(name).toString()
    };
  }

  /** Hash, accuracies and losses. */
  private JsonNode result(String name) throws IOException {
    ObjectNode result = (ObjectNode) record(name).at("/results/convolution");
    assertThat(result.path("parameters_sha256").asText()).hasSize(64);
    return result.without(List.of("seconds", "examples_per_second"));
  }

  private JsonNode record(String name) throws IOException {
    return Json.tree(Files.readAllBytes(folder.resolve(name).resolve("run.json")));
  }
}
