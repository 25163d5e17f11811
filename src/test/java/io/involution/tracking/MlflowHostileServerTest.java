package io.involution.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.files.Answers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against servers that answer as no tracking server does. */
@Timeout(60)
class MlflowHostileServerTest {
  private static final Duration ANSWER = Duration.ofMillis(700);
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  @TempDir private Path folder;

  @Test
  void anEndlessAnswerIsGivenUp() throws IOException {
    try (Answers server = new Answers(OK + "\r\n", "x".repeat(1 << 16))) {
      assertThatThrownBy(() -> post(server)).hasMessageContaining("more than 1048576 bytes");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OK + "Content-Length: 100\r\n\r\n{", OK + "Slow: ", OK + "\r\n{"})
  void anAnswerThatComesByteByByteIsGivenUp(String start) throws IOException {
    try (Answers server = new Answers(start, " ").slow()) {
      assertThatThrownBy(() -> post(server)).hasMessageContaining("answer in 700 ms");
    }
  }

  @Test
  void headersWithoutEndAreGivenUp() throws IOException {
    try (Answers server = new Answers(OK, "More: " + "x".repeat(1000) + "\r\n")) {
      assertThatThrownBy(() -> post(server)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anAnswerHasTenSeconds() {
    assertThat(MlflowClient.ANSWER).isEqualTo(Duration.ofSeconds(10));
  }

  /** Credentials go nowhere else, and no file of this machine is read. */
  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void noServerSendsTheClientElsewhere(int code) throws IOException {
    try (Answers other = Answers.of(OK, "{}")) {
      for (String where :
          List.of("http://127.0.0.1:" + other.port() + "/x", "file:///etc/passwd")) {
        String status = "HTTP/1.1 " + code + " Go\r\nLocation: " + where + "\r\n";
        try (Answers server = Answers.of(status, "")) {
          assertThatThrownBy(() -> post(server)).hasMessageContaining("answered " + code);
        }
      }
      assertThat(other.request()).isEmpty();
    }
  }

  /** What is packed stays packed: 4 GB in 4 MB are 4 MB, and no JSON. */
  @Test
  void aPackedAnswerIsNotUnpacked() throws IOException {
    String status = OK + "Content-Encoding: gzip\r\nContent-Type: application/json\r\n";
    try (Answers server = Answers.of(status, "\u001f\u008b\b\0\0\0\0\0")) {
      assertThatThrownBy(() -> post(server)).isInstanceOf(IOException.class);
      assertThat(server.request()).doesNotContainIgnoringCase("accept-encoding");
    }
    try (Answers server = new Answers(status + "\r\n", "\0".repeat(1 << 16))) {
      assertThatThrownBy(() -> post(server)).hasMessageContaining("more than 1048576 bytes");
    }
  }

  @Test
  void depthIsLimited() throws IOException {
    String deep = "[".repeat(1_000_000);
    try (Answers server = Answers.of(OK, deep)) {
      assertThatThrownBy(() -> post(server)).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../x",
        "/7/../../../x",
        "/7/%2e%2e/x",
        "/7/%2E./x",
        "/7/%252e%252e/x",
        "/7/./x",
        "/7//x",
        "/7/..%5cx",
        "/",
        "",
        "///"
      })
  void artifactsStayUnderTheirRoot(String path) {
    assertThatThrownBy(() -> MlflowArtifacts.path("mlflow-artifacts://server" + path))
        .isInstanceOf(MlflowClient.Refused.class);
  }

  @Test
  void artifactsGoWhereTheServerSays() throws IOException {
    assertThat(MlflowArtifacts.path("mlflow-artifacts:/7/r%201/artifacts/"))
        .contains("/7/r%201/artifacts");
    assertThat(MlflowArtifacts.path("mlflow-artifacts://server:80/7")).contains("/7");
    assertThat(MlflowArtifacts.path("s3://bucket/7")).isEmpty();
    assertThat(MlflowArtifacts.path("mlflow-artifacts:7/../x")).isEmpty();
    assertThat(MlflowArtifacts.path("no uri")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"error_code\":\"X\",\"message\":\"It is deleted.\"} | : It is deleted.",
        "{\"error_code\":\"X\"} | : X",
        "{\"message\":[1]} | ''",
        "{\"message\":\"a\\u001b[31mb\\u202ec\\nd\"} | : a [31mb c d",
        "Invalid Host header | : Invalid Host header",
        "<html>no</html> | ''",
      })
  void theServersReasonIsShownAsText(String body, String reason) throws IOException {
    try (Answers server = Answers.of("HTTP/1.1 400 Bad Request\r\n", body)) {
      assertThatThrownBy(() -> post(server))
          .isInstanceOf(MlflowClient.Refused.class)
          .hasMessage("runs/create answered 400" + reason);
    }
  }

  @Test
  void aReasonIsShort() throws IOException {
    String body = "{\"message\":\"" + "x".repeat(500_000) + "\"}";
    try (Answers server = Answers.of("HTTP/1.1 500 No\r\n", body)) {
      assertThatThrownBy(() -> post(server))
          .isNotInstanceOf(MlflowClient.Refused.class)
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }
  }

  /** In a JVM of its own, which is told where the name leads. */
  @Test
  void aHostMayHaveAnUnderscore() throws Exception {
    Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 my_host\n");
    try (Answers server = Answers.of(OK, "{\"run_id\":\"r1\"}")) {
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Djdk.net.hosts.file=" + hosts,
                  "-cp",
                  System.getProperty("java.class.path"),
                  Underscore.class.getName(),
                  "http://me:word@my_host:" + server.port())
              .redirectErrorStream(true)
              .start();
      String said =
          new String(
              child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(said).contains("run r1");
      assertThat(server.request()).contains("Host: my_host:" + server.port(), "Basic bWU6d29yZA==");
    }
  }

  /** Asks a server once. */
  static final class Underscore {
    private Underscore() {}

    /** Prints the run that the server at the address names. */
    public static void main(String[] arguments) throws IOException {
      MlflowClient client = new MlflowClient(arguments[0], Map.of(), Duration.ofSeconds(20));
      JsonNode answer = client.post("runs/create", Map.of());
      System.out.println("run " + answer.path("run_id").asText());
    }
  }

  private static JsonNode post(Answers server) throws IOException {
    String address = "http://127.0.0.1:" + server.port();
    return new MlflowClient(address, Map.of(), ANSWER).post("runs/create", Map.of());
  }
}
