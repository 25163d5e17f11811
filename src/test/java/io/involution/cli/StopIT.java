package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
      awaitLine(process, log, "epoch  1/4  train");
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(3);
    assertThat(Files.readString(log)).contains("stopped: the last checkpoint is kept", "--resume");

    Submitted whole = Submitted.run("local", options("whole"));
    List<String> again = new ArrayList<>(List.of(options("stopped")));
    again.add("--resume");
    Submitted resumed = Submitted.run("local", again.toArray(String[]::new));

    assertThat(whole.code()).as(whole.err()).isZero();
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("going on after epoch");
    assertThat(sha256("stopped")).isEqualTo(sha256("whole"));
  }

  private static void awaitLine(Process process, Path log, String text) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!Files.readString(log).contains(text)) {
      assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(50);
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
      "2000",
      "--test-limit",
      "100",
      "--epochs",
      "4",
      "--workers",
      "2",
      "--out",
      folder.resolve(name).toString()
    };
  }

  private JsonNode sha256(String name) throws IOException {
    return Json.tree(Files.readAllBytes(folder.resolve(name).resolve("run.json")))
        .at("/results/convolution/parameters_sha256");
  }
}
