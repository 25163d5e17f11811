package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.failure.Places;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/**
 * Secrets of many kinds under a plain spark-submit, which has no settings of ours. None of the
 * values has a word in it that Spark hides by itself.
 */
class SecretsTest {
  private static final String VALUE = "zebra7crossing";

  /** Settings by name; %s is the value. */
  private static final Map<String, String> SETTINGS =
      Stream.of(
              "spark.hadoop.fs.azure.account.key.me.dfs.core.windows.net=%s",
              "spark.hadoop.fs.azure.sas.container.me=sv=2024&sig=%s",
              "spark.hadoop.fs.s3a.access.key=%s",
              "spark.hadoop.fs.gs.auth.service.account.private.key.id=%s",
              "spark.hadoop.javax.jdo.option.ConnectionPassword=%s",
              "spark.executorEnv.DB_PASS=%s",
              "spark.executorEnv.MYSQL_PWD=%s",
              "spark.executorEnv.API_KEY=%s",
              "spark.executorEnv.GOOGLE_CREDENTIALS=%s",
              "spark.executorEnv.SENTRY=https://%s@sentry.example/1",
              "spark.yarn.appMasterEnv.BASIC_AUTH=me:%s",
              "spark.ssl.ui.keyPassword=%s",
              "spark.my.proxy=http://me:%s@proxy:3128",
              "spark.my.object=https://host/x?X-Amz-Signature=%s",
              "spark.driver.extraJavaOptions=-Ddb.pass=%s -Da=b",
              "spark.my.rule.only=mine-%s")
          .map(line -> line.split("=", 2))
          .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1].replace("%s", VALUE)));

  @TempDir private Path folder;

  @Test
  void noneStandsInAPageOrInTheEventLog() throws Exception {
    Map<String, String> properties = new LinkedHashMap<>(SETTINGS);
    for (Tuple2<String, String> pair : LocalSpark.conf("secrets", 1).getAll()) {
      properties.put(pair._1(), pair._2());
    }
    properties.put("spark.ui.enabled", "true");
    properties.put("spark.ui.port", "0");
    properties.put("spark.eventLog.enabled", "true");
    properties.put("spark.eventLog.compress", "false");
    properties.put("spark.eventLog.dir", folder.toUri().toString());
    properties.put("spark.redaction.regex", "mine-");
    properties.put(
        "sun.java.command", "SparkSubmit job.jar train --mlflow http://me:" + VALUE + "@host:5000");
    Map<String, String> before = set(properties);
    try (ClusterSession session = ClusterSession.open("secrets")) {
      session.context().parallelize(List.of(1), 1).count();
      String ui = session.context().sc().uiWebUrl().get();
      String id = session.context().sc().applicationId();
      for (String page :
          List.of("/environment/", "/executors/", "/api/v1/applications/" + id + "/environment")) {
        assertThat(page(ui + page)).as(page).contains("spark").doesNotContain(VALUE);
      }
      assertThat(page(ui + "/jobs/")).doesNotContain("kill");
      checkHosts(URI.create(ui).getPort());
    } finally {
      set(before);
    }
    assertThat(eventLog()).contains("account.key.me", "sun.java.command").doesNotContain(VALUE);
  }

  /** Sets system properties, or clears those that are null, and returns what they were. */
  private static Map<String, String> set(Map<String, String> properties) {
    Map<String, String> before = new LinkedHashMap<>();
    properties.forEach(
        (name, value) ->
            before.put(
                name,
                value == null ? System.clearProperty(name) : System.setProperty(name, value)));
    return before;
  }

  private static String page(String address) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
        .body();
  }

  /** A stranger's name for this machine's address is refused, on every page. */
  private static void checkHosts(int port) throws IOException {
    for (String path : List.of("/jobs/", "/environment/", "/api/v1/applications", "/static/x")) {
      assertThat(status(port, path, "evil.example")).as(path).contains(" 403 ");
      assertThat(status(port, path, "127.0.0.1.evil.example:4040")).contains(" 403 ");
      assertThat(status(port, path, "localhost:" + port)).doesNotContain(" 403 ");
      assertThat(status(port, path, "127.0.0.1")).doesNotContain(" 403 ");
    }
  }

  private static String status(int port, String path, String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.lines().findFirst().orElseThrow();
    }
  }

  private String eventLog() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }

  @Test
  void noneStandsInALineOfOurs() {
    SETTINGS.forEach(
        (name, value) -> {
          if (!name.equals("spark.my.rule.only")) {
            assertThat(Places.shown("cannot use --conf " + name + "=" + value + " here"))
                .startsWith("cannot use --conf ")
                .endsWith(" here")
                .doesNotContain(VALUE);
          }
        });
  }
}
