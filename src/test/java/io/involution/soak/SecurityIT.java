package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import io.involution.cluster.RunFigures;
import io.involution.metrics.Json;
import io.involution.tracking.MlflowServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs with Spark's security on and a secret wherever one can stand. */
class SecurityIT {
  private static final String SECRET = PlantedSecrets.VALUE;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** What the page of the environment is drawn from. */
  private static final String SETTINGS = "environment of the application";

  private static final List<String> PAGES =
      List.of(
          "/jobs/",
          "/stages/",
          "/storage/",
          "/environment/",
          "/executors/",
          "/executors/threadDump/?executorId=driver",
          "/api/v1/applications",
          "/metrics/executors/prometheus",
          "/metrics/json/");
  private static final long FILE_BYTES = 10_000L * 3073;

  /** What driver and executors say in plain text without encryption. */
  private static final List<String> PLAIN_TEXT =
      List.of(SECRET, "CoarseGrainedClusterMessages", "spark.app.name", "io/involution/cli/Main");

  /** With which their talk begins in any case. */
  private static final String GREETING = "sparkSaslUser";

  private static final List<String> OWNER_ONLY =
      List.of("bash", "-c", "umask 077; exec \"$0\" \"$@\"");

  @TempDir private Path folder;

  @Test
  void anEncryptedRunTellsNoSecretAndGivesTheSameBits() throws Exception {
    Path data = makeData();
    List<String> plain = new ArrayList<>(OWNER_ONLY);
    plain.addAll(submit("submit/local"));
    plain.addAll(train(data.toString(), folder.resolve("plain").toString()));
    assertThat(run(plain)).isZero();
    try (MlflowServer mlflow = new MlflowServer()) {
      PlantedSecrets secrets = new PlantedSecrets(folder, mlflow.address("USER"));
      int port = freePort();
      int metrics = freePort();
      int driver = freePort();
      int blocks = freePort();
      List<String> command = new ArrayList<>(submit("submit/local-cluster"));
      command.addAll(List.of("--event-log", folder.resolve("events").toString()));
      command.addAll(conf("spark.involution.metrics=" + metrics));
      command.addAll(conf("spark.ui.enabled=true"));
      command.addAll(List.of("--encrypt", "--conf", "spark.ui.port=" + port));
      command.addAll(conf("spark.eventLog.compress=false"));
      command.addAll(conf("spark.driver.host=" + WireTap.ADDRESS));
      command.addAll(conf("spark.driver.bindAddress=127.0.0.1"));
      command.addAll(conf("spark.driver.port=" + driver));
      command.addAll(conf("spark.driver.blockManager.port=" + blocks));
      command.addAll(PlantedSecrets.submitOptions());
      Path out = folder.resolve("secret");
      command.addAll(train(PlantedSecrets.uri(data), PlantedSecrets.uri(out)));
      command.addAll(List.of("--tensorboard", "--config", secrets.config()));
      List<String> words = new ArrayList<>(PLAIN_TEXT);
      words.add(GREETING);

      try (WireTap messages = new WireTap(driver, words);
          WireTap models = new WireTap(blocks, words);
          JobProcess run = JobProcess.start(folder, command, secrets.environment())) {
        assertSilentWhileAlive(run, command, port, metrics);
        assertThat(run.await()).as(run.err()).isZero();
        assertThat(run.err()).doesNotContain("warning");
        // The executors fetch the job jar from the driver.
        assertThat(messages.bytes()).isGreaterThan(100_000_000);
        assertThat(models.bytes()).isGreaterThan(10_000);
        assertThat(messages.seen()).containsExactly(GREETING);
        assertThat(models.seen()).isEmpty();
      }

      assertThat(mlflow.authorizations).isNotEmpty();
      assertThat(mlflow.run().status).isEqualTo("FINISHED");
      assertThat(mlflow.run().parameters + "" + mlflow.run().tags).doesNotContain(SECRET);
      mlflow.files.forEach(
          (name, bytes) ->
              assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                  .as(name)
                  .doesNotContain(SECRET));
      assertThat(secrets.inFiles(List.of(folder, executorFolder()))).isEmpty();
    }
    assertThat(RunFigures.of(folder.resolve("secret")))
        .isEqualTo(RunFigures.of(folder.resolve("plain")));
    // What Spark makes in it is open to a group, which gets no further than this folder.
    assertThat(Files.getPosixFilePermissions(folder.resolve("events")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertOwnersOnly(folder.resolve("plain"));
  }

  private static void assertOwnersOnly(Path place) throws IOException {
    Set<PosixFilePermission> owners = PosixFilePermissions.fromString("rwx------");
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.toList()) {
        assertThat(owners).as("%s", file).containsAll(Files.getPosixFilePermissions(file));
      }
    }
  }

  /** Looks at Spark's pages and at the process table, and at who could reach the run's ports. */
  private static void assertSilentWhileAlive(
      JobProcess run, List<String> typed, int port, int metrics) throws Exception {
    Map<String, String> pages = new TreeMap<>();
    long executors = 0;
    List<String> open = List.of();
    while (run.isAlive()) {
      pages.putAll(pages("http://127.0.0.1:" + port, "http://127.0.0.1:" + metrics));
      List<String> now = PlantedSecrets.commandLines(run.driver(), typed);
      executors =
          Math.max(executors, now.stream().filter(line -> line.contains("CoarseGrained")).count());
      List<String> listening = OpenPorts.of(run.driver());
      open = listening.size() >= open.size() ? listening : open;
      assertThat(listening).allMatch(OpenPorts::isLoopback);
      assertThat(now).allSatisfy(line -> assertThat(line).doesNotContain(SECRET));
      Thread.sleep(100);
    }
    assertThat(pages).as(run.err()).containsKeys("/environment/", "/metrics", SETTINGS);
    assertThat(pages.get(SETTINGS)).contains("fs.azure.account.key.me");
    assertThat(pages).allSatisfy((name, page) -> assertThat(page).as(name).doesNotContain(SECRET));
    assertThat(executors).as("executors' command lines").isEqualTo(2);
    assertThat(open).as("pages, master, workers, driver, executors").hasSizeGreaterThan(5);
  }

  private static Map<String, String> pages(String address, String metrics)
      throws InterruptedException {
    Map<String, String> pages = new TreeMap<>();
    try {
      for (String page : PAGES) {
        addPage(pages, page, address + page);
      }
      String applications = pages.getOrDefault("/api/v1/applications", "[]");
      String id = Json.tree(applications.getBytes(StandardCharsets.UTF_8)).at("/0/id").asText();
      addPage(pages, "/metrics", metrics + "/metrics");
      addPage(pages, SETTINGS, address + "/api/v1/applications/" + id + "/environment");
    } catch (IOException e) {
      return pages; // not there yet, or no more
    }
    return pages;
  }

  private static void addPage(Map<String, String> pages, String name, String address)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
    HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
    if (answer.statusCode() == 200) {
      pages.put(name, answer.body());
    }
  }

  @Test
  void aRunThatFailsOnItsExecutorsTellsNoSecret() throws Exception {
    Path data = makeData();
    try (RandomAccessFile file =
        new RandomAccessFile(data.resolve("test_batch.bin").toFile(), "rw")) {
      file.seek(3073);
      file.write(11);
    }
    List<String> command = new ArrayList<>(submit("submit/local"));
    command.addAll(train(PlantedSecrets.uri(data), folder.resolve("refused").toString()));

    String err = assertSilent(command, 2);

    assertThat(err).contains("vault://***@host", "label 11");
  }

  private String assertSilent(List<String> command, int code) throws Exception {
    try (JobProcess run = JobProcess.start(folder, command)) {
      assertThat(run.await()).as(run.err()).isEqualTo(code);
      assertThat(run.out()).doesNotContain(SECRET);
      assertThat(run.err()).doesNotContain(SECRET);
      return run.err();
    }
  }

  /** What executors have logged is in the Spark home. */
  private Path executorFolder() throws IOException {
    String application =
        Json.tree(Files.readAllBytes(folder.resolve("secret/run.json")))
            .at("/cluster/application_id")
            .asText();
    try (Stream<Path> homes = Files.list(Path.of("target"))) {
      return homes
          .map(home -> home.resolve("work").resolve(application))
          .filter(Files::isDirectory)
          .findFirst()
          .orElseThrow();
    }
  }

  private int run(List<String> command) throws InterruptedException {
    try (JobProcess run = JobProcess.start(folder, command)) {
      return run.await();
    }
  }

  private Path makeData() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    for (String name : List.of("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4")) {
      zeros(data.resolve(name + ".bin"));
    }
    zeros(data.resolve("data_batch_5.bin"));
    zeros(data.resolve("test_batch.bin"));
    return data;
  }

  /** Records of label 0 and black pixels, as a sparse file. */
  private static void zeros(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(FILE_BYTES);
    }
  }

  private List<String> submit(String script) {
    String jar = SoakJar.write(folder).toString();
    List<String> command = new ArrayList<>(List.of(script, "--jars", jar));
    command.addAll(List.of("--driver-class-path", jar));
    command.addAll(conf("spark.hadoop.fs.vault.impl=" + VaultFileSystem.class.getName()));
    return command;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static List<String> conf(String setting) {
    return List.of("--conf", setting);
  }

  private List<String> train(String data, String out) {
    return List.of(
        "train",
        "--model",
        "involution",
        "--data",
        data,
        "--train-limit",
        "400",
        "--test-limit",
        "100",
        "--epochs",
        "1",
        "--workers",
        "2",
        "--out",
        out);
  }
}
