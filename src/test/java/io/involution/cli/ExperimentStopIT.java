package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.metrics.Json;
import io.involution.tracking.MlflowServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An experiment's start that ends in the middle of a cell, by a signal or by its own limit. */
class ExperimentStopIT {
  @TempDir private Path folder;
  private MlflowServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = new MlflowServer();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void toldToStopItNotesWhereCellsAreAndTheNextStartGoesOn() throws Exception {
    List<String> command = command("signal", 2);
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      awaitCheckpoint(process, log);
      process.destroy();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(3);
    assertThat(Files.readString(log)).contains("stopped: the cells keep their last checkpoints");
    assertThat(ledger("signal"))
        .satisfiesExactlyInAnyOrder(
            row -> assertThat(row).contains("\"state\":\"stopped\"", "stopped by a signal"),
            row -> assertThat(row).contains("\"state\":\"pending\""));
    Path stopped = list(folder.resolve("signal/cells")).get(0);
    assertThat(Json.tree(Files.readAllBytes(stopped.resolve("run.json"))).path("status").asText())
        .isEqualTo("stopped");
    assertThat(server.run().status).isEqualTo("KILLED");

    Submitted next = submitted(command);
    assertThat(next.code()).as(next.err() + next.out()).isZero();
    assertThat(next.out()).contains("resuming after epoch", "2 cells: 2 done");
    assertThat(server.runs.values())
        .extracting(run -> run.status)
        .containsExactly("FINISHED", "FINISHED");
  }

  @Test
  void itsOwnLimitStopsTheCellAtACheckpointAndBeginsNoOther() throws Exception {
    List<String> command = command("limit", 1000);
    command.addAll(List.of("--time-limit", "6s"));

    Submitted run = submitted(command);

    assertThat(run.code()).as(run.err() + run.out()).isEqualTo(3);
    assertThat(run.out()).contains("time limit was reached", "2 cells: 1 pending, 1 stopped");
    assertThat(checkpoints("limit")).isNotEmpty();
  }

  /** Two cells, one after the other, of many rounds. */
  private List<String> command(String name, int epochs) throws IOException {
    Path conf = folder.resolve(name + ".conf");
    Files.writeString(
        conf,
        String.format(
            Locale.ROOT,
            """
            experiment {
              name = %s
              defaults {
                data = synthetic, train-limit = 300, test-limit = 20, epochs = %d, workers = 1
                model = convolution, batch-size = 32, averaging-period = 1, checkpoint-every = 1round
                mlflow = "%s"
              }
              grid { seed = [1, 2] }
            }
            """,
            name,
            epochs,
            server.address("")));
    String out = folder.resolve(name).toString();
    return new ArrayList<>(
        List.of("submit/local", "experiment", conf.toString(), "--parallel", "1", "--out", out));
  }

  private static Submitted submitted(List<String> command) {
    return Submitted.shared(command.subList(1, command.size()).toArray(String[]::new));
  }

  private void awaitCheckpoint(Process process, Path log) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (checkpoints("signal").isEmpty()) {
      assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  /** Markers of complete checkpoints. */
  private List<Path> checkpoints(String name) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path cell : list(folder.resolve(name).resolve("cells"))) {
      for (Path file : list(cell.resolve("convolution"))) {
        Path marker = file.resolve("_COMMITTED");
        if (file.getFileName().toString().startsWith("checkpoint-") && Files.exists(marker)) {
          found.add(marker);
        }
      }
    }
    return found;
  }

  private static List<Path> list(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private List<String> ledger(String name) throws IOException {
    return Files.readAllLines(folder.resolve(name).resolve("ledger.jsonl"));
  }
}
