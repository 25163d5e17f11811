package io.involution.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * One run on real executors: what a real Prometheus and the event log have of it against the run's
 * own files.
 */
@TestInstance(Lifecycle.PER_CLASS)
class MonitoringIT {
  @TempDir private static Path folder;
  private PrometheusServer prometheus;
  private String page = "";
  private List<JsonNode> rows;

  @BeforeAll
  void trainWatched() throws Exception {
    int port = PrometheusServer.freePort();
    if (PrometheusServer.isInstalled()) {
      prometheus = PrometheusServer.start(folder, port);
    }
    Path log = folder.resolve("log");
    Process run = start(command(port), log);
    try {
      while (run.isAlive()) {
        page = page(port);
        Thread.sleep(100);
      }
      assertThat(run.waitFor()).as(Files.readString(log)).isZero();
    } finally {
      run.destroyForcibly();
    }
    assertThat(Files.readString(log))
        .contains("metrics for Prometheus at http://127.0.0.1:" + port);
    rows = lines(folder.resolve("run/metrics.jsonl"));
  }

  /** The last page that was not empty. */
  private String page(int port) throws InterruptedException {
    try {
      String now = PrometheusServer.get("http://127.0.0.1:" + port + "/metrics");
      return now.isEmpty() ? page : now;
    } catch (UncheckedIOException e) {
      // The driver has not begun to answer, or has ended.
      return page;
    }
  }

  @AfterAll
  void stop() throws Exception {
    if (prometheus != null) {
      prometheus.stop();
    }
  }

  private List<String> command(int port) {
    List<String> words = new ArrayList<>(List.of("submit/local-cluster", "--metrics"));
    words.addAll(List.of("--event-log", folder.resolve("events").toString()));
    words.addAll(List.of("--conf", "spark.eventLog.compress=false"));
    words.addAll(List.of("--conf", "spark.involution.metrics=" + port));
    words.addAll(List.of("train", "--model", "involution", "--data", "synthetic"));
    words.addAll(List.of("--train-limit", "4000", "--test-limit", "500"));
    words.addAll(List.of("--epochs", "6", "--workers", "2"));
    words.addAll(List.of("--out", folder.resolve("run").toString()));
    return words;
  }

  private void assumePrometheus() {
    assumeTrue(prometheus != null, "Debian's package prometheus is not installed");
  }

  /**
   * The driver ends so soon after its results are there that only one that waits gets them read.
   */
  @Test
  void theLastSamplesAreTheResultsOfTheRun() throws Exception {
    assumePrometheus();
    JsonNode result =
        Json.MAPPER.readTree(folder.resolve("run/run.json").toFile()).at("/results/involution");
    Map<String, Double> expected = new TreeMap<>();
    for (String name : List.of("train_loss", "test_loss")) {
      expected.put(name, result.get(name).asDouble());
    }
    for (String name : List.of("train_accuracy", "test_accuracy")) {
      expected.put(name + "_ratio", result.get(name).asDouble());
    }
    expected.put("epochs_done", result.get("epochs").asDouble());
    expected.put("epochs_planned", result.get("epochs").asDouble());
    JsonNode round = last(rows, "round");
    expected.put("round_loss", loss(rows, round));
    expected.put("round_skew_ratio", round.get("skew").asDouble());
    expected.put("rounds_total", (double) rows.stream().filter(row -> is(row, "round")).count());
    expected.put("examples_total", sum(rows, "round", row -> row.get("examples").asDouble()));

    expected.forEach(
        (name, value) ->
            assertThat(lastOf(name, "network", "involution")).as(name).isEqualTo(value));
    assertThat(prometheus.last("involution_test_loss")).as("not trained: convolution").hasSize(1);
    for (String worker : List.of("0", "1")) {
      List<JsonNode> mine =
          rows.stream().filter(row -> row.path("worker").asText().equals(worker)).toList();
      assertThat(lastOf("worker_examples_total", "worker", worker))
          .isEqualTo(sum(mine, row -> row.get("examples").asDouble()));
      assertThat(lastOf("executor_resident_memory_bytes", "executor", worker)).isGreaterThan(1e8);
    }
  }

  private double lastOf(String name, String label, String value) {
    try {
      JsonNode series = prometheus.last("involution_" + name + "{" + label + "=\"" + value + "\"}");
      assertThat(series).as(name).hasSize(1);
      return Double.parseDouble(series.at("/0/value/1").asText());
    } catch (Exception e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** The run has no GPU and holds no examples out: those queries are only parsed. */
  @Test
  void everyQueryOfTheDashboardHasSeries() throws Exception {
    assumePrometheus();
    List<String> none = new ArrayList<>();
    for (String query : Dashboard.read().queries()) {
      String asked =
          query
              .replace("$run", "file:" + folder.resolve("run"))
              .replace("$network", ".*")
              .replace("$instance", ".*")
              .replace("$__rate_interval", "4s");
      if (prometheus.series(asked).isEmpty()) {
        none.add(query);
      }
    }
    assertThat(none).hasSize(4).allMatch(query -> query.matches("involution_(gpu|validation)_.*"));
  }

  @Test
  void promtoolFindsNothingToSay() throws Exception {
    assumePrometheus();
    Exposition all = new Exposition();
    Arrays.stream(Metric.values())
        .forEach(metric -> all.add(metric, 1, List.of("run", "a \"\\\nb", "network", "n")));
    for (String text : List.of(page, all.text())) {
      assertThat(text).contains("involution_executor_resident_memory_bytes{");
      Path said = folder.resolve("said");
      Process check =
          new ProcessBuilder("/usr/bin/promtool", "check", "metrics")
              .redirectInput(Files.writeString(folder.resolve("page"), text).toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      assertThat(check.waitFor()).as(Files.readString(said)).isZero();
      assertThat(said).isEmptyFile();
    }
  }

  @Test
  void theEventLogHasTheSumsOfEveryRound() throws Exception {
    try (Stream<Path> logs =
        Files.find(
            folder.resolve("events"),
            2,
            (file, is) ->
                is.isRegularFile() && file.getFileName().toString().startsWith("events_"))) {
      checkEventLog(lines(logs.findFirst().orElseThrow()), rows);
    }
  }

  @Test
  void aFolderForTheEventLogThatIsNotThereIsToldInOneLine() throws Exception {
    Path log = folder.resolve("log");
    List<String> command =
        List.of("submit/local", "--event-log", "file:/no/such", "train", "--data", "synthetic");
    Process run = start(command, log);
    assertThat(run.waitFor(2, TimeUnit.MINUTES)).isTrue();

    assertThat(run.exitValue()).as(Files.readString(log)).isEqualTo(2);
    assertThat(Files.readAllLines(log)).hasSize(1);
    assertThat(Files.readString(log)).startsWith("error: Spark does not start").contains("no/such");
  }

  /** The history server shows an event log's accumulators with their stages and tasks. */
  private static void checkEventLog(List<JsonNode> events, List<JsonNode> rows) {
    List<Map<String, Double>> stages = new ArrayList<>();
    double ofTasks = 0;
    for (JsonNode event : events) {
      String type = event.get("Event").asText();
      if (type.equals("SparkListenerStageCompleted")) {
        Map<String, Double> sums = accumulated(event.at("/Stage Info/Accumulables"), "Value");
        if (sums.containsKey("loss sum")) {
          stages.add(sums);
        }
      } else if (type.equals("SparkListenerTaskEnd")) {
        ofTasks +=
            accumulated(event.at("/Task Info/Accumulables"), "Update")
                .getOrDefault("examples", 0.0);
      }
    }
    // A stage a round and a stage an evaluation, in the order of the run.
    List<JsonNode> expected = rows.stream().filter(row -> !is(row, "worker")).toList();
    assertThat(stages).hasSameSizeAs(expected);
    double examples = 0;
    for (int i = 0; i < stages.size(); i++) {
      JsonNode row = expected.get(i);
      boolean isRound = is(row, "round");
      double count = row.get(isRound ? "examples" : "test_examples").asDouble();
      double loss = isRound ? loss(rows, row) : row.get("test_loss").asDouble();
      assertThat(stages.get(i).get("examples")).isEqualTo(count);
      assertThat(stages.get(i).get("loss sum")).isCloseTo(count * loss, within(1e-6));
      examples += count;
    }
    assertThat(ofTasks).isEqualTo(examples);
  }

  private static Map<String, Double> accumulated(JsonNode list, String what) {
    Map<String, Double> values = new TreeMap<>();
    for (JsonNode one : list) {
      String name = one.path("Name").asText();
      if (!name.startsWith("internal.")) {
        values.put(name, one.path(what).asDouble());
      }
    }
    return values;
  }

  private static Process start(List<String> command, Path log) throws IOException {
    return new ProcessBuilder(command)
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(Json.MAPPER.readTree(line));
    }
    return lines;
  }

  private static boolean is(JsonNode row, String type) {
    return row.get("type").asText().equals(type);
  }

  private static JsonNode last(List<JsonNode> rows, String type) {
    return rows.stream()
        .filter(row -> is(row, type))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  /** A round's mean loss, by the rows of its workers, in their order. */
  private static double loss(List<JsonNode> rows, JsonNode round) {
    List<JsonNode> workers =
        rows.stream()
            .filter(row -> is(row, "worker"))
            .filter(row -> row.get("epoch").equals(round.get("epoch")))
            .filter(row -> row.get("round").equals(round.get("round")))
            .toList();
    return sum(workers, row -> row.get("loss_sum").asDouble()) / round.get("examples").asDouble();
  }

  private static double sum(List<JsonNode> rows, String type, ToDoubleFunction<JsonNode> value) {
    return sum(rows.stream().filter(row -> is(row, type)).toList(), value);
  }

  private static double sum(List<JsonNode> rows, ToDoubleFunction<JsonNode> value) {
    double sum = 0;
    for (JsonNode row : rows) {
      sum += value.applyAsDouble(row);
    }
    return sum;
  }
}
