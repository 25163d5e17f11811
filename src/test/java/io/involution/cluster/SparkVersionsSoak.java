package io.involution.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.spark.SparkVersion;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The one job jar on every Spark that it runs on: in one JVM and on executors, with both exchanges
 * and both trainers, an experiment, and an event log that the version's own history server reads.
 */
class SparkVersionsSoak {
  private static final List<String> OTHER_TRAINER = List.of("--trainer", "dl4j-spark");

  @TempDir private static Path folder;
  private static String expected;
  private static String expectedOfOther;

  @BeforeAll
  static void runOnTheDefault() throws InterruptedException {
    expected = SmallRun.inOneJvm(folder, 2, "synthetic");
    Path out = folder.resolve("other-trainer");
    run(Map.of(), SmallRun.train(local(), 2, "synthetic", out.toString()), OTHER_TRAINER);
    expectedOfOther = RunFigures.of(out);
  }

  @ParameterizedTest
  @CsvSource({
    "3.5.1, -Dscala.binary.version=2.12",
    "3.5.1, -Dscala.binary.version=2.13",
    "3.5.6, -Dscala.binary.version=2.12",
    "3.5.6, -Dscala.binary.version=2.13",
    "4.0.1, -Dscala.binary.version=2.13",
    "4.1.0, -Dscala.binary.version=2.13",
    "4.2.0, -Dscala.binary.version=2.13"
  })
  void everyVersionGivesTheSameFigures(String version, String scala) throws Exception {
    SparkHome home = SparkHome.of(folder, version, scala, "-Dwithout.clusters");
    Path here = Files.createDirectories(folder.resolve(version + scala));
    Path events = here.resolve("events");
    List<String> cluster = List.of("submit/local-cluster", "--event-log", events.toString());

    assertThat(figures(home, local(), here.resolve("local"), List.of())).isEqualTo(expected);
    for (String exchange : List.of("collect", "shuffle")) {
      Path out = here.resolve(exchange);
      assertThat(results(figures(home, cluster, out, List.of("--exchange", exchange))))
          .isEqualTo(results(expected));
    }
    assertThat(figures(home, local(), here.resolve("dl4j"), OTHER_TRAINER))
        .isEqualTo(expectedOfOther);
    experiment(home, here);
    assertThat(history(home, events)).contains("involution train ");
  }

  /** The JDKs of 21 and 25 that this machine has, beside the one of the tests. */
  @Test
  void newerJavasGiveTheSameFigures() throws Exception {
    List<Path> homes = newerJavas();
    assertThat(homes).as("a JDK 21 or 25 in /usr/lib/jvm").isNotEmpty();
    for (Path java : homes) {
      Map<String, String> environment = Map.of("JAVA_HOME", java.toString());
      for (String target : List.of("submit/local", "submit/local-cluster")) {
        Path out = folder.resolve(java.getFileName() + target.replace('/', '-'));
        run(
            environment,
            SmallRun.train(List.of(target), 2, "synthetic", out.toString()),
            List.of());
        assertThat(RunFigures.of(out)).as(java + " " + target).isEqualTo(expected);
      }
    }
  }

  private static List<Path> newerJavas() throws IOException {
    List<Path> homes = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/usr/lib/jvm"))) {
      for (Path home : all) {
        Path release = home.resolve("release");
        if (Files.exists(release)
            && Files.readString(release).matches("(?s).*JAVA_VERSION=\"2[15]\\b.*")) {
          homes.add(home);
        }
      }
    }
    return homes;
  }

  @ParameterizedTest
  @CsvSource({"3.3.4", "3.4.1", "3.5.0"})
  void anOlderOneIsRefusedInOneLine(String version) throws Exception {
    SparkHome home = SparkHome.of(folder, version, "-Dwithout.clusters");
    Path out = folder.resolve("refused-" + version);
    List<String> command = SmallRun.train(local(), 2, "synthetic", out.toString());
    try (JobProcess run = JobProcess.start(folder, command, home.environment())) {
      assertThat(run.await()).isEqualTo(2);
      assertThat(run.err()).hasLineCount(1).contains(version, SparkVersion.OLDEST.toString());
    }
    assertThat(out).doesNotExist();
  }

  static Stream<String> settings() {
    return SiteSettingsIT.SETTINGS.stream();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void noSettingOfASiteChangesTheFigures(String setting) throws Exception {
    Path out = folder.resolve("setting-" + setting.replaceAll("\\W+", "-"));
    try (JobProcess run = SiteSettingsIT.start(folder, out, Map.of(), List.of(setting))) {
      assertThat(run.await()).as(run.err()).isZero();
    }
    assertThat(RunFigures.of(out)).isEqualTo(expected);
  }

  /** Without the rows, which count the bytes of an exchange. */
  private static String results(String figures) {
    return figures.lines().findFirst().orElseThrow();
  }

  private static List<String> local() {
    return List.of("submit/local");
  }

  private static String figures(SparkHome home, List<String> submit, Path out, List<String> options)
      throws InterruptedException {
    run(home.environment(), SmallRun.train(submit, 2, "synthetic", out.toString()), options);
    return RunFigures.of(out);
  }

  private static void run(Map<String, String> home, List<String> words, List<String> options)
      throws InterruptedException {
    List<String> command = new ArrayList<>(words);
    command.addAll(options);
    try (JobProcess run = JobProcess.start(folder, command, home)) {
      assertThat(run.await()).as(run.err()).isZero();
    }
  }

  private static void experiment(SparkHome home, Path here) throws Exception {
    Path settings = here.resolve("two.conf");
    Files.writeString(
        settings,
        """
        experiment {
          name = two
          defaults { data = synthetic, train-limit = 200, test-limit = 50, epochs = 1, workers = 1 }
          grid { model = [involution], seed = [1, 2] }
        }
        """);
    Path out = here.resolve("experiment");
    List<String> command = List.of("submit/local", "experiment", settings.toString());
    run(home.environment(), command, List.of("--out", out.toString()));
    assertThat(out.resolve("ledger.parquet")).isNotEmptyFile();
  }

  /** What the version's history server tells of an event log. */
  private static String history(SparkHome home, Path events) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    List<String> command = new ArrayList<>();
    command.add(home.folder().resolve("bin/spark-class").toString());
    command.add("org.apache.spark.deploy.history.HistoryServer");
    String options =
        String.format(
            Locale.ROOT,
            "-Dspark.history.fs.logDirectory=%s -Dspark.history.ui.port=%d",
            events.toUri(),
            port);
    Map<String, String> environment =
        Map.of(
            "SPARK_HOME",
            home.folder().toString(),
            "SPARK_HISTORY_OPTS",
            options,
            "SPARK_LOCAL_IP",
            "127.0.0.1");
    URI applications = URI.create("http://127.0.0.1:" + port + "/api/v1/applications");
    try (JobProcess server = JobProcess.start(folder, command, environment)) {
      for (int second = 0; second < 60 && server.isAlive(); second++) {
        Thread.sleep(1000);
        String answer = answer(applications);
        if (answer.contains("\"completed\" : true")) {
          return answer;
        }
      }
      throw new AssertionError(server.err() + server.out());
    }
  }

  private static String answer(URI address) throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(address).build();
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      // It does not listen yet.
      return e.toString();
    }
  }
}
