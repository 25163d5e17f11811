package io.involution.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** The REST routes of an MLflow tracking server. Its credentials are in no message. */
final class MlflowClient {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int NOT_FOUND = 404;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final String base;
  private final Optional<String> authorization;

  /**
   * A client of a server.
   *
   * @param address its address, perhaps with user info
   * @param token from the environment, instead of user info
   */
  MlflowClient(String address, Optional<String> token) {
    URI uri = URI.create(address);
    String host = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
    this.base = uri.getScheme() + "://" + host + path;
    this.authorization =
        token
            .map(given -> "Bearer " + given)
            .or(() -> Optional.ofNullable(uri.getUserInfo()).map(MlflowClient::basic));
  }

  /** The server's address without user info. */
  String address() {
    return base;
  }

  /** Posts a value and gives the answer. */
  JsonNode post(String route, Map<String, Object> body) throws IOException {
    HttpRequest request =
        request(route)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.line(body)))
            .build();
    return answer(route, send(request));
  }

  /** Asks for a value; empty where there is none. */
  Optional<JsonNode> get(String route, String key, String value) throws IOException {
    String query = "?" + key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    HttpResponse<byte[]> response = send(request(route + query).GET().build());
    return response.statusCode() == NOT_FOUND
        ? Optional.empty()
        : Optional.of(answer(route, response));
  }

  private HttpRequest.Builder request(String route) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + "/api/2.0/mlflow/" + route)).timeout(ANSWER);
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static JsonNode answer(String route, HttpResponse<byte[]> response) throws IOException {
    if (response.statusCode() / 100 != 2) {
      throw new IOException("%s answered %d".formatted(route, response.statusCode()));
    }
    return Json.tree(response.body());
  }

  private static String basic(String userInfo) {
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }
}
