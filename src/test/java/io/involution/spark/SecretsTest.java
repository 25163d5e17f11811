package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.failure.Places;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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

  private String eventLog() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      Path log =
          files
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .findFirst()
              .orElseThrow();
      return Files.readString(log);
    }
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
