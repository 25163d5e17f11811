package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped smoke experiment, undisturbed and disturbed, with real spark-submit. */
class ExperimentIT {
  private static final String SMOKE = "conf/experiments/smoke.conf";
  private static final int CELLS = 7;

  @TempDir private Path folder;

  @Test
  void killedInTheMiddleItEndsCompleteWithTheSameFigures() throws Exception {
    Submitted whole = Submitted.shared(command("whole"));
    assertThat(whole.code()).as(whole.err()).isZero();

    Path log = folder.resolve("killed.log");
    Process process = start("killed", log);
    try {
      awaitDone("killed", 2, process, log);
      process.destroyForcibly();
      process.waitFor();
    } finally {
      process.destroyForcibly();
    }
    Map<String, JsonNode> before = done("killed");
    assertThat(before.size()).isBetween(2, CELLS - 1);
    assertThat(Submitted.shared("experiment", "status", out("killed")).out()).contains("7 cells: ");

    // Two at once: what one has, the other leaves alone.
    Path otherLog = folder.resolve("other.log");
    Process other = start("killed", otherLog);
    Submitted again = Submitted.shared(command("killed"));
    assertThat(other.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(again.code()).as(again.err() + again.out()).isIn(0, 3);
    assertThat(other.exitValue()).as(Files.readString(otherLog)).isIn(0, 3);

    Submitted last = Submitted.shared(command("killed"));
    assertThat(last.code()).as(last.err()).isZero();
    assertThat(last.out()).contains("7 complete, 0 to run", "7 cells: 7 done", "report in ");
    assertThat(figures("killed")).isEqualTo(figures("whole")).hasSize(CELLS);
    assertNoCellTwice(before);
    assertThat(folder.resolve("killed/report/index.html")).exists();
    assertThat(Files.readAllBytes(folder.resolve("killed/ledger.parquet")))
        .startsWith("PAR1".getBytes(StandardCharsets.UTF_8));
    Submitted table =
        Submitted.shared(
            "experiment", "table", out("killed"), "--group-by", "workers,period", "--csv");
    assertThat(table.out()).startsWith("model,workers,averaging_period,cells,test_accuracy_mean");
  }

  @Test
  void aTimeLimitStopsAtACheckpointAndTheNextStartGoesOn() throws Exception {
    Path conf = folder.resolve("limited.conf");
    Files.writeString(
        conf,
        """
        experiment {
          name = limited
          defaults { data = synthetic, train-limit = 1000, test-limit = 100, epochs = 12, workers = 1 }
          cells = [
            { model = involution, averaging-period = 1, batch-size = 8, time-limit = 1s }
            { model = involution, seed = 1, learning-rate = 1e-4, epochs = 1 }
          ]
        }
        """);
    String[] command = {"experiment", conf.toString(), "--out", out("limited")};

    Submitted first = Submitted.shared(command);
    assertThat(first.code()).as(first.err()).isEqualTo(3);
    assertThat(first.out()).contains("2 cells: 1 done, 1 stopped", "time limit was reached");

    Files.writeString(conf, Files.readString(conf).replace(", time-limit = 1s", ""));
    Submitted second = Submitted.shared(command);
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(second.out()).contains("2 cells, 1 complete, 1 to run", "resuming after epoch");
  }

  @Test
  void aFailedCellIsToldByTheExitCode() throws Exception {
    Path conf = folder.resolve("failing.conf");
    Files.writeString(
        conf,
        """
        experiment {
          name = failing, retries = 1
          defaults {
            data = synthetic, train-limit = 200, test-limit = 50, epochs = 1, workers = 1
            model = involution
          }
          cells = [{ seed = 1, images = "60" }, { seed = 2 }]
        }
        """);
    Submitted run =
        Submitted.shared(
            "experiment", conf.toString(), "--out", out("failing/{date}"), "--slot", "2026-03-01");

    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(1);
    assertThat(run.out())
        .contains("2 cells: 1 done, 1 failed", "failed after 1 attempts: --images has 60");
    assertThat(folder.resolve("failing/2026-03-01/ledger.jsonl")).exists();
  }

  private String out(String name) {
    return folder.resolve(name).toString();
  }

  private String[] command(String name) {
    return new String[] {"experiment", SMOKE, "--out", out(name)};
  }

  private Process start(String name, Path log) throws IOException {
    List<String> words = new ArrayList<>(List.of("submit/local"));
    words.addAll(List.of(command(name)));
    return new ProcessBuilder(words)
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private void awaitDone(String name, int cells, Process process, Path log) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(9);
    while (done(name).size() < cells) {
      assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  /** Rows of complete cells by the cells' ids, from the parts. */
  private Map<String, JsonNode> done(String name) throws IOException {
    Map<String, JsonNode> rows = new TreeMap<>();
    for (JsonNode row : parts(name)) {
      if (row.path("state").asText().equals("done")) {
        assertThat(rows.put(row.path("cell").asText(), row)).as("done twice").isNull();
      }
    }
    return rows;
  }

  private List<JsonNode> parts(String name) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    Path ledger = folder.resolve(name).resolve("ledger");
    if (Files.exists(ledger)) {
      try (Stream<Path> files = Files.list(ledger)) {
        for (Path file : files.filter(part -> part.toString().endsWith(".jsonl")).toList()) {
          rows.add(Json.tree(Files.readAllBytes(file)));
        }
      }
    }
    return rows;
  }

  /** What the joined ledger says of every cell: hash, accuracies, losses. */
  private Map<String, String> figures(String name) throws IOException {
    Map<String, String> figures = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve(name).resolve("ledger.jsonl"))) {
      JsonNode row = Json.MAPPER.readTree(line);
      StringBuilder text = new StringBuilder();
      for (JsonNode result : row.path("results")) {
        for (String figure :
            List.of("parameters_sha256", "test_accuracy", "test_loss", "train_loss")) {
          text.append(result.path(figure).asText()).append(' ');
        }
      }
      assertThat(text.toString()).as(line).hasSizeGreaterThan(64);
      figures.put(row.path("cell").asText(), text.toString());
    }
    return figures;
  }

  private void assertNoCellTwice(Map<String, JsonNode> before) throws IOException {
    Map<String, JsonNode> after = done("killed");
    assertThat(after).hasSize(CELLS);
    before.forEach((cell, row) -> assertThat(after.get(cell)).as(cell).isEqualTo(row));
    for (String cell : after.keySet()) {
      // One that was cut short, if any, and one that ended: nobody ran it beside another.
      assertThat(parts("killed").stream().filter(row -> row.path("cell").asText().equals(cell)))
          .as(cell)
          .hasSizeBetween(1, before.containsKey(cell) ? 1 : 2);
    }
  }
}
