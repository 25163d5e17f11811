package io.involution.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.involution.metrics.Json;
import io.involution.train.Journal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that speaks MLflow's REST routes. */
class MlflowRunTest {
  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
  private final List<String> warnings = new ArrayList<>();
  private HttpServer server;
  private boolean experimentExists;
  private String failing = "none";

  private record Request(String line, String authorization, JsonNode body) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/base/api/2.0/mlflow/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aRunIsLoggedFromStartToEnd() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("epochs", 2);
    parameters.put("init", null);
    parameters.put("data", "x".repeat(800));

    MlflowRun run = start(Optional.of("secret-token"), "", parameters);
    Journal journal = run.journal("involution");
    journal.epochEnded(EventFileTest.outcome(1));
    journal.epochEnded(EventFileTest.outcome(2));
    run.tag("folder", "file:/runs/1");
    run.end(true);

    assertThat(warnings).isEmpty();
    assertThat(requests.stream().map(Request::line))
        .containsExactly(
            "GET experiments/get-by-name?experiment_name=involution-spark",
            "POST experiments/create",
            "POST runs/create",
            "POST runs/log-batch",
            "POST runs/log-batch",
            "POST runs/log-batch",
            "POST runs/set-tag",
            "POST runs/update");
    assertThat(requests).allMatch(request -> "Bearer secret-token".equals(request.authorization()));
    assertThat(body(1).get("name").asText()).isEqualTo("involution-spark");
    assertThat(body(2).get("experiment_id").asText()).isEqualTo("17");
    assertThat(body(2).get("run_name").asText()).isEqualTo("file:/runs/1");
    assertThat(body(2).get("start_time").asLong()).isPositive();
    JsonNode params = body(3).get("params");
    assertThat(params).hasSize(2);
    assertThat(params.get(0)).isEqualTo(json("{\"key\":\"epochs\",\"value\":\"2\"}"));
    assertThat(params.get(1).get("value").asText()).hasSize(500);
    JsonNode metrics = body(5).get("metrics");
    assertThat(body(5).get("run_id").asText()).isEqualTo("run-1");
    Map<String, Double> values = new LinkedHashMap<>();
    for (JsonNode metric : metrics) {
      assertThat(metric.get("step").asInt()).isEqualTo(2);
      assertThat(metric.get("timestamp").asLong()).isPositive();
      values.put(metric.get("key").asText(), metric.get("value").asDouble());
    }
    assertThat(values)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "involution/test_accuracy", 0.75,
                "involution/test_loss", 0.5,
                "involution/train_accuracy", 0.5,
                "involution/train_loss", 1.5,
                "involution/examples_per_second", 50.0));
    assertThat(body(6))
        .isEqualTo(json("{\"run_id\":\"run-1\",\"key\":\"folder\",\"value\":\"file:/runs/1\"}"));
    assertThat(body(7).get("status").asText()).isEqualTo("FINISHED");
    assertThat(body(7).get("end_time").asLong()).isPositive();
  }

  @Test
  void userInfoIsForBasicAuthorizationOnly() {
    experimentExists = true;

    start(Optional.empty(), "me:my%20word@", Map.of()).end(false);

    assertThat(requests).allMatch(r -> "Basic bWU6bXkgd29yZA==".equals(r.authorization()));
    assertThat(requests.stream().map(Request::line)).doesNotContain("POST experiments/create");
    assertThat(body(2).get("run_id").asText()).isEqualTo("run-1");
    assertThat(body(3).get("status").asText()).isEqualTo("FAILED");
  }

  @Test
  void aServerThatFailsIsOneWarningWithoutSecrets() {
    failing = "runs/log-batch";

    MlflowRun run = start(Optional.of("secret-token"), "me:word@", Map.of("epochs", 2));
    run.journal("involution").epochEnded(EventFileTest.outcome(1));
    run.end(true);

    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("warning: ")
        .contains("runs/log-batch answered 500")
        .doesNotContain("secret", "word");
    assertThat(requests.get(requests.size() - 1).line()).isEqualTo("POST runs/log-batch");
  }

  @Test
  void aServerThatIsAwayIsOneWarning() {
    server.stop(0);

    start(Optional.empty(), "", Map.of()).journal("x").epochEnded(EventFileTest.outcome(1));

    assertThat(warnings).hasSize(1);
  }

  private MlflowRun start(Optional<String> token, String userInfo, Map<String, Object> parameters) {
    String address =
        "http://%s127.0.0.1:%d/base/".formatted(userInfo, server.getAddress().getPort());
    return MlflowRun.start(address, token, "file:/runs/1", parameters, warnings::add);
  }

  private JsonNode body(int request) {
    return requests.get(request).body();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String uri = exchange.getRequestURI().toString().replace("/base/api/2.0/mlflow/", "");
    byte[] body = exchange.getRequestBody().readAllBytes();
    requests.add(
        new Request(
            exchange.getRequestMethod() + " " + uri,
            exchange.getRequestHeaders().getFirst("Authorization"),
            body.length == 0 ? null : Json.tree(body)));
    String route = uri.replaceAll("\\?.*", "");
    int code = route.equals(failing) ? 500 : 200;
    String answer = "{}";
    if (route.equals("experiments/get-by-name")) {
      code = experimentExists ? 200 : 404;
      answer = "{\"experiment\":{\"experiment_id\":\"17\"}}";
    } else if (route.equals("experiments/create")) {
      answer = "{\"experiment_id\":\"17\"}";
    } else if (route.equals("runs/create")) {
      answer = "{\"run\":{\"info\":{\"run_id\":\"run-1\"}}}";
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static JsonNode json(String text) {
    try {
      return Json.tree(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
