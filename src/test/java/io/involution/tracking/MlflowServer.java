package io.involution.tracking;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.involution.metrics.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.mlflow.api.proto.Service.CreateExperiment;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.LogBatch;
import org.mlflow.api.proto.Service.LogModel;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.UpdateRun;
import org.mlflow_project.google.protobuf.InvalidProtocolBufferException;
import org.mlflow_project.google.protobuf.Message;
import org.mlflow_project.google.protobuf.util.JsonFormat;

/**
 * A tracking server as far as a run needs one: requests are read with MLflow's own definitions of
 * them, which know no other fields, and runs are kept in memory.
 */
public final class MlflowServer implements AutoCloseable {
  private static final String API = "/base/api/2.0/";
  private static final String ARTIFACTS = "mlflow-artifacts/artifacts/";

  /** Method and route of every request, in order. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  /** The values of their Authorization headers. */
  public final List<String> authorizations = new CopyOnWriteArrayList<>();

  /** Runs by their ids. */
  public final Map<String, Run> runs = new ConcurrentHashMap<>();

  /** Files by their paths. */
  public final Map<String, byte[]> files = new ConcurrentHashMap<>();

  /** Codes that routes answer with instead of doing anything. */
  public final Map<String, Integer> failing = new ConcurrentHashMap<>();

  /** Whether another run creates the experiment as soon as one has not found it. */
  public volatile boolean raced;

  /** How long every request takes. */
  public volatile long delayMillis;

  /** What a run's artifact URI starts with. */
  public volatile String artifactRoot = "mlflow-artifacts:/17/";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private volatile boolean experimentExists;

  /** A server on a free port. */
  public MlflowServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(API, this::answer);
    server.setExecutor(threads);
    server.start();
  }

  /** A run as the server knows it. */
  public static final class Run {
    /** RUNNING or how it ended. */
    public volatile String status = "RUNNING";

    /** Whether somebody deleted it. */
    public volatile boolean deleted;

    /** Options. */
    public final Map<String, String> parameters = new ConcurrentHashMap<>();

    /** Tags. */
    public final Map<String, String> tags = new ConcurrentHashMap<>();

    /** What is known about models, JSON. */
    public final List<String> models = new CopyOnWriteArrayList<>();

    /** Values by their names and steps, {@code name@step}. */
    public final Map<String, Double> metrics = Collections.synchronizedMap(new LinkedHashMap<>());
  }

  /** The server's address. */
  public String address(String userInfo) {
    return String.format(
        Locale.ROOT, "http://%s127.0.0.1:%d/base/", userInfo, server.getAddress().getPort());
  }

  /** The one run that there is. */
  public Run run() {
    return runs.values().iterator().next();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String uri = exchange.getRequestURI().toString().substring(API.length());
    String route = uri.replaceAll("\\?.*", "").replaceAll("^mlflow/", "");
    requests.add(exchange.getRequestMethod() + " " + uri.replaceAll("^mlflow/", ""));
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    try {
      Thread.sleep(delayMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String answer;
    int artifacts = route.startsWith(ARTIFACTS) ? failing.getOrDefault(ARTIFACTS, 200) : 200;
    int code = failing.getOrDefault(route, artifacts);
    try {
      answer = code == 200 ? does(route, exchange.getRequestURI().getQuery(), body) : "{}";
    } catch (InvalidProtocolBufferException e) {
      code = 400;
      answer = "{}";
    }
    if (answer.isEmpty()) {
      code = 404;
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String does(String route, String query, byte[] body)
      throws InvalidProtocolBufferException {
    if (route.startsWith(ARTIFACTS)) {
      files.put(route.substring(ARTIFACTS.length()), body);
      return "{}";
    }
    return switch (route) {
      case "experiments/get-by-name" -> {
        boolean found = experimentExists;
        experimentExists = found || raced;
        yield found ? "{\"experiment\":{\"experiment_id\":\"17\"}}" : "";
      }
      case "experiments/create" -> {
        read(body, CreateExperiment.newBuilder());
        if (experimentExists) {
          throw new InvalidProtocolBufferException("RESOURCE_ALREADY_EXISTS");
        }
        experimentExists = true;
        yield "{\"experiment_id\":\"17\"}";
      }
      case "runs/create" -> create(read(body, CreateRun.newBuilder()).build());
      case "runs/get" -> info(query.replace("run_id=", ""));
      case "runs/update" -> {
        UpdateRun update = read(body, UpdateRun.newBuilder()).build();
        runs.get(update.getRunId()).status = update.getStatus().name();
        yield info(update.getRunId());
      }
      case "runs/log-model" -> {
        LogModel model = read(body, LogModel.newBuilder()).build();
        runs.get(model.getRunId()).models.add(model.getModelJson());
        yield "{}";
      }
      case "runs/log-batch" -> log(read(body, LogBatch.newBuilder()).build());
      default -> "";
    };
  }

  private String create(CreateRun create) {
    Run run = new Run();
    create.getTagsList().forEach(tag -> run.tags.put(tag.getKey(), tag.getValue()));
    run.tags.put("run_name", create.getRunName());
    String id = "run-" + (runs.size() + 1);
    runs.put(id, run);
    return info(id);
  }

  private String log(LogBatch batch) {
    Run run = runs.get(batch.getRunId());
    batch.getParamsList().forEach(p -> run.parameters.put(p.getKey(), p.getValue()));
    batch.getTagsList().forEach(tag -> run.tags.put(tag.getKey(), tag.getValue()));
    for (Metric metric : batch.getMetricsList()) {
      run.metrics.put(metric.getKey() + "@" + metric.getStep(), metric.getValue());
    }
    return "{}";
  }

  private String info(String id) {
    Run run = runs.get(id);
    return run == null
        ? ""
        : String.format(
            Locale.ROOT,
            "{\"run\":{\"info\":{\"run_id\":\"%s\",\"lifecycle_stage\":\"%s\","
                + "\"artifact_uri\":\"%s\"},\"data\":{\"params\":%s}}}",
            id,
            run.deleted ? "deleted" : "active",
            artifactRoot + id + "/artifacts",
            Json.line(
                run.parameters.entrySet().stream()
                    .map(p -> Map.of("key", p.getKey(), "value", p.getValue()))
                    .toList()));
  }

  private static <T extends Message.Builder> T read(byte[] body, T builder)
      throws InvalidProtocolBufferException {
    JsonFormat.parser().merge(new String(body, StandardCharsets.UTF_8), builder);
    return builder;
  }
}
