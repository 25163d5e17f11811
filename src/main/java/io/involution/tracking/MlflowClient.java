package io.involution.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.config.value.WebAddress;
import io.involution.files.EnvironmentProxies;
import io.involution.files.LimitedHttp;
import io.involution.files.LimitedHttp.Limits;
import io.involution.metrics.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The REST API of an MLflow tracking server, with limits for every response. MLflow's own Java
 * client has none, and it uploads files by calling a Python program. No message contains
 * credentials.
 */
final class MlflowClient {
  /** The time limit for a whole response, including its body. */
  static final Duration ANSWER = Duration.ofSeconds(10);

  /** Many times what a server says to any of these requests. */
  private static final long MOST_BYTES = 1 << 20;

  private static final String TRACKING = "mlflow/";
  private static final String ARTIFACTS = "mlflow-artifacts/artifacts";
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;

  private final LimitedHttp http;
  private final WebAddress server;
  private final Optional<String> authorization;

  /**
   * A client of one server.
   *
   * @param address its address, possibly with user info
   * @param environment where to look for proxies, and for credentials that the address does not
   *     contain
   * @param answer the time limit for a response
   */
  MlflowClient(String address, Map<String, String> environment, Duration answer) {
    this.server = WebAddress.parse(address).orElseThrow();
    this.http =
        new LimitedHttp(
            new Limits(MOST_BYTES, answer, answer), Redirect.NEVER, proxies(environment));
    this.authorization =
        server.userInfo().map(MlflowClient::basic).or(() -> authorization(environment));
  }

  /** By the server's name, also where requests go to its numeric address. */
  private ProxySelector proxies(Map<String, String> environment) {
    URI named = URI.create(server.scheme() + "://" + server.authority());
    return new EnvironmentProxies(environment)
        .proxy(named)
        .map(ProxySelector::of)
        .orElseGet(ProxySelector::getDefault);
  }

  /** The server understood the request and rejects it: retrying would not help. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** A response with its body. */
  private static final class Answer {
    private final int code;
    private final byte[] body;

    private Answer(int code, byte[] body) {
      this.code = code;
      this.body = body;
    }
  }

  /** The server's address without user info. */
  String address() {
    return server.shown();
  }

  /** Posts a value to a route of the tracking server and returns the response. */
  JsonNode post(String route, Map<String, Object> body) throws IOException {
    BodyPublisher json = BodyPublishers.ofString(Json.line(body));
    HttpRequest request =
        request(TRACKING + route).header("Content-Type", "application/json").POST(json).build();
    return Json.tree(checked(route, send(request)).body);
  }

  /** Reads a value; empty if it does not exist. */
  Optional<JsonNode> get(String route, String key, String value) throws IOException {
    String query = "?" + key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    Answer response = send(request(TRACKING + route + query).GET().build());
    return response.code == NOT_FOUND
        ? Optional.empty()
        : Optional.of(Json.tree(checked(route, response).body));
  }

  /**
   * Uploads a file to the server, which decides where to store it.
   *
   * @param path absolute, as in a run's artifact URI, percent-encoded
   */
  void upload(String path, byte[] bytes) throws IOException {
    HttpRequest request =
        request(ARTIFACTS + path)
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(bytes))
            .build();
    checked("artifacts" + path, send(request));
  }

  private HttpRequest.Builder request(String route) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder();
    String authority = server.authority();
    if (server.hasUnderscore()) {
      // Java sends nothing to such a host, but to its numeric address.
      request.header("Host", authority);
      authority = numeric(server);
    }
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request.uri(
        URI.create(
            String.format(
                Locale.ROOT,
                "%s://%s%s/api/2.0/%s",
                server.scheme(),
                authority,
                server.path(),
                route)));
  }

  private static String numeric(WebAddress server) throws IOException {
    InetAddress found = InetAddress.getByName(server.host());
    String host =
        found instanceof Inet6Address ? "[" + found.getHostAddress() + "]" : found.getHostAddress();
    return host + (server.port() < 0 ? "" : ":" + server.port());
  }

  private Answer send(HttpRequest request) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int code = http.send(request, (status, part) -> body.write(part));
    return new Answer(code, body.toByteArray());
  }

  private static Answer checked(String route, Answer answer) throws IOException {
    int code = answer.code;
    if (code / 100 == 2) {
      return answer;
    }
    String message =
        String.format(Locale.ROOT, "%s answered %d%s", route, code, MlflowReason.of(answer.body));
    throw code / 100 == 4 && code != TOO_MANY ? new Refused(message) : new IOException(message);
  }

  /** The environment variables of MLflow's own clients. */
  private static Optional<String> authorization(Map<String, String> environment) {
    String token = environment.get("MLFLOW_TRACKING_TOKEN");
    String user = environment.get("MLFLOW_TRACKING_USERNAME");
    String password = environment.get("MLFLOW_TRACKING_PASSWORD");
    if (token != null) {
      return Optional.of("Bearer " + token);
    }
    return user == null || password == null
        ? Optional.empty()
        : Optional.of(basic(user + ":" + password));
  }

  private static String basic(String userInfo) {
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }
}
