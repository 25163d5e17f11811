package io.involution.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One run on real executors: what Spark's sinks, its Prometheus page and its event log show of it
 * against the run's own metrics.
 */
class MonitoringIT {
  private static final Pattern SHOWN =
      Pattern.compile(
          "metrics_\\w+_driver_plugin_io_involution_monitoring_MonitoringPlugin_(\\w+)_Value\\{.*\\}"
              + " (\\S+)");

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void sparkShowsTheFiguresOfDriverAndExecutors() throws Exception {
    int port = freePort();
    Path csv = Files.createDirectory(folder.resolve("csv"));
    Path log = folder.resolve("log");
    Process run = start(command(port, csv), log);
    Map<String, Double> page = Map.of();
    try {
      while (run.isAlive()) {
        Map<String, Double> now = prometheus(port);
        // The executors' are sent every five seconds.
        page = isOfExecutors(now) ? now : page;
        Thread.sleep(200);
      }
      assertThat(run.waitFor()).as(Files.readString(log)).isZero();
    } finally {
      run.destroyForcibly();
    }

    List<JsonNode> rows = lines(folder.resolve("run/metrics.jsonl"));
    assertThat(Files.readString(log)).contains("the slowest worker's local steps took 1.");
    checkDriver(csv, rows);
    checkExecutors(csv, rows);
    checkPage(page, rows);
    try (Stream<Path> logs = Files.list(folder.resolve("events"))) {
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

  private List<String> command(int port, Path csv) {
    List<String> words = new ArrayList<>(List.of("submit/local-cluster", "--metrics"));
    words.addAll(List.of("--event-log", folder.resolve("events").toString()));
    for (String setting :
        List.of(
            "spark.ui.port=" + port,
            "spark.metrics.conf.*.sink.csv.class=org.apache.spark.metrics.sink.CsvSink",
            "spark.metrics.conf.*.sink.csv.directory=" + csv,
            "spark.metrics.conf.*.sink.csv.period=1")) {
      words.addAll(List.of("--conf", setting));
    }
    words.addAll(List.of("train", "--model", "involution", "--data", "synthetic"));
    words.addAll(List.of("--train-limit", "4000", "--test-limit", "500", "--epochs", "12"));
    words.addAll(List.of("--workers", "2", "--out", folder.resolve("run").toString()));
    return words;
  }

  /** The driver's files end with the last round and the last epoch. */
  private static void checkDriver(Path csv, List<JsonNode> rows) throws IOException {
    Map<String, Double> driver = lastValues(csv, "driver");
    JsonNode epoch = last(rows, "epoch");
    JsonNode round = last(rows, "round");
    Map<String, Double> expected =
        Map.of(
            "epoch", round.get("epoch").asDouble(),
            "round", round.get("round").asDouble(),
            "skew", round.get("skew").asDouble(),
            "examples", sum(rows, "round", row -> row.get("examples").asDouble()),
            "round_loss", loss(rows, round),
            "broadcast_seconds", round.at("/seconds/broadcast").asDouble(),
            "train_loss", epoch.get("train_loss").asDouble(),
            "test_loss", epoch.get("test_loss").asDouble(),
            "test_accuracy", epoch.get("test_accuracy").asDouble());
    expected.forEach(
        (name, value) ->
            assertThat(driver.get("involution." + name)).as(name).isEqualTo(value, within(1e-9)));
    assertThat(driver.get("involution.rounds_done"))
        .isEqualTo(driver.get("involution.rounds_total"));
    assertThat(driver.get("convolution.round_loss")).as("not trained").isNaN();
  }

  /** An executor reports when it stops, so its files end with all that it did. */
  private static void checkExecutors(Path csv, List<JsonNode> rows) throws IOException {
    for (String executor : List.of("0", "1")) {
      List<JsonNode> mine =
          rows.stream().filter(row -> row.path("executor").asText().equals(executor)).toList();
      Map<String, Double> shown = lastValues(csv, executor);

      assertThat(shown.get("worker.examples"))
          .isEqualTo(sum(mine, row -> row.get("examples").asDouble()));
      assertThat(shown.get("worker.rounds")).isEqualTo(mine.size());
      assertThat(shown.get("worker.step_seconds"))
          .isCloseTo(sum(mine, row -> row.at("/seconds/steps").asDouble()), within(1e-6));
      JsonNode last = mine.get(mine.size() - 1);
      assertThat(shown.get("worker.round_loss"))
          .isCloseTo(
              last.get("loss_sum").asDouble() / last.get("examples").asDouble(), within(1e-9));
      assertThat(shown.get("worker.process_bytes")).isGreaterThan(100e6);
    }
  }

  /** The page is of some moment of the run, so every figure is one that some row has. */
  private static void checkPage(Map<String, Double> page, List<JsonNode> rows) {
    List<Double> losses =
        rows.stream()
            .filter(row -> row.get("type").asText().equals("round"))
            .map(row -> loss(rows, row))
            .toList();
    assertThat(losses).contains(page.get("involution_round_loss"));
    for (String executor : List.of("0", "1")) {
      List<Double> counts = new ArrayList<>(List.of(0.0));
      for (JsonNode row : rows) {
        if (row.path("executor").asText().equals(executor)) {
          counts.add(counts.get(counts.size() - 1) + row.get("examples").asDouble());
        }
      }
      assertThat(counts).contains(page.get("executor_" + executor + "_worker_examples"));
    }
  }

  private static boolean isOfExecutors(Map<String, Double> page) {
    return page.keySet()
        .containsAll(List.of("executor_0_worker_examples", "executor_1_worker_examples"));
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
    List<JsonNode> expected =
        rows.stream().filter(row -> !row.get("type").asText().equals("worker")).toList();
    assertThat(stages).hasSameSizeAs(expected);
    double examples = 0;
    for (int i = 0; i < stages.size(); i++) {
      JsonNode row = expected.get(i);
      boolean isRound = row.get("type").asText().equals("round");
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

  /** The last value in each of the plugin's files of one JVM. */
  private static Map<String, Double> lastValues(Path csv, String executor) throws IOException {
    String prefix = "." + executor + ".plugin." + MonitoringPlugin.class.getName() + ".";
    Map<String, Double> values = new TreeMap<>();
    try (Stream<Path> files = Files.list(csv)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        int at = name.indexOf(prefix);
        if (at > 0) {
          List<String> lines = Files.readAllLines(file);
          String last = lines.get(lines.size() - 1);
          values.put(
              name.substring(at + prefix.length(), name.length() - ".csv".length()),
              Double.valueOf(last.substring(last.indexOf(',') + 1)));
        }
      }
    }
    return values;
  }

  private Map<String, Double> prometheus(int port) throws InterruptedException {
    Map<String, Double> values = new TreeMap<>();
    URI uri = URI.create("http://127.0.0.1:" + port + "/metrics/prometheus/");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
    try {
      for (String line : http.send(request, BodyHandlers.ofString()).body().split("\n", -1)) {
        Matcher matcher = SHOWN.matcher(line);
        if (matcher.matches()) {
          values.put(matcher.group(1), Double.valueOf(matcher.group(2)));
        }
      }
    } catch (IOException e) {
      // The driver has not begun to answer, or has ended.
      return Map.of();
    }
    return values;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
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

  private static JsonNode last(List<JsonNode> rows, String type) {
    return rows.stream()
        .filter(row -> row.get("type").asText().equals(type))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  /** A round's mean loss, by the rows of its workers, in their order. */
  private static double loss(List<JsonNode> rows, JsonNode round) {
    List<JsonNode> workers =
        rows.stream()
            .filter(row -> row.get("type").asText().equals("worker"))
            .filter(row -> row.get("epoch").equals(round.get("epoch")))
            .filter(row -> row.get("round").equals(round.get("round")))
            .toList();
    return sum(workers, row -> row.get("loss_sum").asDouble()) / round.get("examples").asDouble();
  }

  private static double sum(List<JsonNode> rows, String type, ToDoubleFunction<JsonNode> value) {
    return sum(rows.stream().filter(row -> row.get("type").asText().equals(type)).toList(), value);
  }

  private static double sum(List<JsonNode> rows, ToDoubleFunction<JsonNode> value) {
    double sum = 0;
    for (JsonNode row : rows) {
      sum += value.applyAsDouble(row);
    }
    return sum;
  }
}
