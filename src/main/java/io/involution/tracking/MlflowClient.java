package io.involution.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The REST API of an MLflow tracking server, with a time limit for every request. MLflow's own Java
 * client has none, and it uploads files by calling a Python program. No message contains
 * credentials.
 */
final class MlflowClient {
  /** The time limit for a whole response, including its body. */
  static final Duration ANSWER = Duration.ofSeconds(10);

  private static final String TRACKING = "mlflow/";
  private static final String ARTIFACTS = "mlflow-artifacts/artifacts";
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;

  private final HttpClient http;
  private final Duration answer;
  private final String base;
  private final Optional<String> authorization;

  /**
   * A client of one server.
   *
   * @param address its address, possibly with user info
   * @param environment where to look for credentials that the address does not contain
   * @param answer the time limit for a response
   */
  MlflowClient(String address, Map<String, String> environment, Duration answer) {
    URI uri = URI.create(address);
    String host = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
    this.http = HttpClient.newBuilder().connectTimeout(answer).build();
    this.answer = answer;
    this.base = uri.getScheme() + "://" + host + path;
    this.authorization =
        Optional.ofNullable(uri.getUserInfo())
            .map(MlflowClient::basic)
            .or(() -> authorization(environment));
  }

  /** The server understood the request and rejects it: retrying would not help. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** The server's address without user info. */
  String address() {
    return base;
  }

  /** Posts a value to a route of the tracking server and returns the response. */
  JsonNode post(String route, Map<String, Object> body) throws IOException {
    BodyPublisher json = BodyPublishers.ofString(Json.line(body));
    HttpRequest request =
        request(TRACKING + route).header("Content-Type", "application/json").POST(json).build();
    return Json.tree(checked(route, send(request)).body());
  }

  /** Reads a value; empty if it does not exist. */
  Optional<JsonNode> get(String route, String key, String value) throws IOException {
    String query = "?" + key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    HttpResponse<byte[]> response = send(request(TRACKING + route + query).GET().build());
    return response.statusCode() == NOT_FOUND
        ? Optional.empty()
        : Optional.of(Json.tree(checked(route, response).body()));
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

  private HttpRequest.Builder request(String route) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/2.0/" + route));
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  /** The request's own timeout would cover only the response headers, not the body. */
  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> response =
        http.sendAsync(request, BodyHandlers.ofByteArray());
    try {
      return response.get(answer.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      response.cancel(true);
      throw new IOException("no answer in " + answer.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static HttpResponse<byte[]> checked(String route, HttpResponse<byte[]> response)
      throws IOException {
    int code = response.statusCode();
    if (code / 100 == 2) {
      return response;
    }
    String message = String.format(Locale.ROOT, "%s answered %d", route, code);
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
