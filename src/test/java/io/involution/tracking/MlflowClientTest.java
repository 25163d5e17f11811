package io.involution.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.files.Answers;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MlflowClientTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String ROUTE = "/api/2.0/mlflow/runs/create HTTP/1.1";

  @Test
  void requestsGoThroughTheProxyThatTheEnvironmentNames() throws IOException {
    try (Answers proxy = Answers.of(OK, "{\"run_id\":\"r1\"}")) {
      assertThat(post("http://mlflow.example:5000", proxy)).isEqualTo("r1");
      assertThat(proxy.request()).startsWith("POST http://mlflow.example:5000" + ROUTE);
    }
  }

  @Test
  void noProxyLeadsToThisMachine() throws IOException {
    try (Answers proxy = Answers.of(OK, "{\"run_id\":\"r1\"}");
        Answers server = Answers.of(OK, "{\"run_id\":\"r2\"}")) {
      assertThat(post("http://127.0.0.1:" + server.port(), proxy)).isEqualTo("r2");
      assertThat(server.request()).startsWith("POST " + ROUTE);
      assertThat(proxy.request()).isEmpty();
    }
  }

  /** What is large takes its time, and that is no silence. */
  @Test
  void aServerMayTakeAnUploadSlowly() throws IOException {
    try (MlflowServer server = new MlflowServer()) {
      server.delayMillis = 500;
      new MlflowClient(server.address(""), Map.of(), Duration.ofMillis(200))
          .upload("/17/file", new byte[16 << 20]);

      assertThat(server.files.get("17/file")).hasSize(16 << 20);
    }
  }

  private static String post(String address, Answers proxy) throws IOException {
    Map<String, String> environment = Map.of("http_proxy", "http://127.0.0.1:" + proxy.port());
    return new MlflowClient(address, environment, MlflowClient.ANSWER)
        .post("runs/create", Map.of())
        .path("run_id")
        .asText();
  }
}
