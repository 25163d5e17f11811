package io.involution.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Debian's Prometheus, which reads a driver's metrics twice a second. */
final class PrometheusServer {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final int port;

  private PrometheusServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Whether it and its tool are on this machine. */
  static boolean isInstalled() {
    return List.of("prometheus", "promtool").stream()
        .allMatch(name -> Files.isExecutable(Path.of("/usr/bin", name)));
  }

  /**
   * Starts it.
   *
   * @param folder for its files
   * @param driver the port of the metrics
   */
  static PrometheusServer start(Path folder, int driver) throws Exception {
    Path settings =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            "global: {scrape_interval: 500ms, scrape_timeout: 500ms}\n"
                + "scrape_configs:\n"
                + "  - job_name: involution\n"
                + "    static_configs: [{targets: ['127.0.0.1:"
                + driver
                + "']}]\n");
    int port = freePort();
    Process process =
        new ProcessBuilder(
                "/usr/bin/prometheus",
                "--config.file=" + settings,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    PrometheusServer server = new PrometheusServer(process, port);
    while (!server.isReady()) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(100);
    }
    return server;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      return get("http://127.0.0.1:" + port + "/-/ready").startsWith("Prometheus Server is Ready");
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** A page; an UncheckedIOException where nobody answers. */
  static String get(String uri) throws InterruptedException {
    try {
      return HTTP.send(
              HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(5)).build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last value of each series of this name, by its labels. */
  JsonNode last(String name) throws Exception {
    return result("query?query=" + encoded("last_over_time(" + name + "[10m])"));
  }

  /** The series of a query over the last minutes. */
  JsonNode series(String query) throws Exception {
    long now = System.currentTimeMillis();
    return result(
        String.format(
            Locale.ROOT,
            "query_range?query=%s&start=%.3f&end=%.3f&step=0.5",
            encoded(query),
            now / 1e3 - 300,
            now / 1e3));
  }

  private JsonNode result(String request) throws Exception {
    JsonNode answer = Json.MAPPER.readTree(get("http://127.0.0.1:" + port + "/api/v1/" + request));
    assertThat(answer.path("status").asText()).as("%s: %s", request, answer).isEqualTo("success");
    return answer.at("/data/result");
  }

  private static String encoded(String query) {
    return URLEncoder.encode(query, StandardCharsets.UTF_8);
  }

  /** Ends it. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
