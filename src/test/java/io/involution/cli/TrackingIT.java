package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.tracking.MlflowServer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with real spark-submit that is stopped and goes on, as its trackers see it. */
class TrackingIT {
  @TempDir private Path folder;

  @Test
  void aStoppedRunIsKilledAndThenFinishedInTheSameEntry() throws Exception {
    try (MlflowServer server = new MlflowServer()) {
      List<String> options = options(server.address("me:zebra-7@"));
      String log = stopInEpochTwo(options);
      assertThat(log).doesNotContain("zebra-7", "warning");
      assertThat(server.run().status).isEqualTo("KILLED");

      options.add("--resume");
      Submitted resumed = Submitted.shared(options.toArray(String[]::new));

      assertThat(resumed.code()).as(resumed.err()).isZero();
      assertThat(resumed.out() + resumed.err()).doesNotContain("zebra-7", "warning");
      assertThat(server.runs).hasSize(1);
      assertThat(server.run().status).isEqualTo("FINISHED");
      assertThat(server.run().parameters).containsEntry("epochs", "4");
      for (int epoch = 1; epoch <= 4; epoch++) {
        assertThat(server.run().metrics).containsKey("involution/test_accuracy@" + epoch);
      }
      String uploads = "17/run-1/artifacts/";
      for (String name : List.of("run.json", "metrics.jsonl", "report/index.html")) {
        assertThat(server.files.get(uploads + name)).isEqualTo(bytes(name));
      }
      assertThat(server.files).containsKey(uploads + "involution/model/model.onnx");
      assertThat(server.run().models).hasSize(1);
      nowhere("zebra-7");
      try (Stream<Path> events = Files.list(folder.resolve("run/tensorboard/involution"))) {
        // One an epoch, whoever trained it, and the pictures.
        assertThat(events).hasSize(5);
      }
    }
  }

  private String stopInEpochTwo(List<String> options) throws Exception {
    Path log = folder.resolve("stopped.log");
    List<String> command = new ArrayList<>(List.of("submit/local"));
    command.addAll(options);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
      while (!Files.readString(log).contains("epoch  1/4  train")) {
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.sleep(50);
      }
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(3);
    return Files.readString(log);
  }

  private List<String> options(String mlflow) {
    return new ArrayList<>(
        List.of(
            "train",
            "--model",
            "involution",
            "--data",
            "synthetic",
            "--train-limit",
            "1500",
            "--test-limit",
            "100",
            "--epochs",
            "4",
            "--workers",
            "2",
            "--tensorboard",
            "--mlflow",
            mlflow,
            "--out",
            folder.resolve("run").toString()));
  }

  private byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(folder.resolve("run").resolve(name));
  }

  /** Looks for a word in every file of the run and its log. */
  private void nowhere(String word) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(word);
      }
    }
  }
}
