package io.involution.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.config.Places;
import io.involution.evaluate.Evaluation;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import io.involution.train.Round;
import io.involution.train.RoundOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A run on an MLflow tracking server. Whatever the server does, training goes on: the first call
 * that fails is the last, and one line says so.
 */
public final class MlflowRun {
  /** The experiment that runs belong to. */
  static final String EXPERIMENT = "involution-spark";

  /** The longest value of a parameter that every server takes. */
  private static final int LONGEST = 500;

  private final MlflowClient client;
  private final Consumer<String> warnings;
  private String id = "";
  private boolean off;

  private MlflowRun(MlflowClient client, Consumer<String> warnings) {
    this.client = client;
    this.warnings = warnings;
  }

  /** A call that the server may refuse. */
  private interface Call {
    void run() throws IOException;
  }

  /**
   * Starts a run.
   *
   * @param address the tracking server's
   * @param token from the environment
   * @param name the run's name: its folder
   * @param parameters options and the like
   * @param warnings told once when the server fails
   */
  public static MlflowRun start(
      String address,
      Optional<String> token,
      String name,
      Map<String, Object> parameters,
      Consumer<String> warnings) {
    MlflowRun run = new MlflowRun(new MlflowClient(address, token), warnings);
    run.attempt(() -> run.create(name, parameters));
    return run;
  }

  /** What to tell of a network's training. */
  public Journal journal(String model) {
    return new Journal() {
      @Override
      public void roundEnded(Round round, RoundOutcome outcome) {}

      @Override
      public void epochEnded(EpochOutcome outcome) {
        attempt(() -> metrics(outcome.epoch(), values(model, outcome)));
      }
    };
  }

  /** Sets a tag of the run. */
  public void tag(String key, String value) {
    attempt(() -> client.post("runs/set-tag", Map.of("run_id", id, "key", key, "value", value)));
  }

  /** Ends the run. */
  public void end(boolean done) {
    attempt(
        () ->
            client.post(
                "runs/update",
                Map.of(
                    "run_id",
                    id,
                    "status",
                    done ? "FINISHED" : "FAILED",
                    "end_time",
                    System.currentTimeMillis())));
  }

  private void create(String name, Map<String, Object> parameters) throws IOException {
    JsonNode created =
        client.post(
            "runs/create",
            Map.of(
                "experiment_id",
                experiment(),
                "run_name",
                name,
                "start_time",
                System.currentTimeMillis(),
                "tags",
                List.of(Map.of("key", "mlflow.source.name", "value", EXPERIMENT))));
    id = created.at("/run/info/run_id").asText();
    if (id.isEmpty()) {
      throw new IOException("runs/create named no run");
    }
    List<Map<String, Object>> list = new ArrayList<>();
    parameters.forEach(
        (key, value) -> {
          if (value != null) {
            String text = String.valueOf(value);
            String shown = text.substring(0, Math.min(LONGEST, text.length()));
            list.add(Map.of("key", key, "value", shown));
          }
        });
    client.post("runs/log-batch", Map.of("run_id", id, "params", list));
  }

  private String experiment() throws IOException {
    Optional<JsonNode> found = client.get("experiments/get-by-name", "experiment_name", EXPERIMENT);
    return found.isPresent()
        ? found.get().at("/experiment/experiment_id").asText()
        : client
            .post("experiments/create", Map.of("name", EXPERIMENT))
            .path("experiment_id")
            .asText();
  }

  private void metrics(int step, Map<String, Double> values) throws IOException {
    List<Map<String, Object>> list = new ArrayList<>();
    long now = System.currentTimeMillis();
    values.forEach(
        (key, value) -> {
          if (value != null && Double.isFinite(value)) {
            list.add(Map.of("key", key, "value", value, "timestamp", now, "step", step));
          }
        });
    client.post("runs/log-batch", Map.of("run_id", id, "metrics", list));
  }

  private static Map<String, Double> values(String model, EpochOutcome outcome) {
    double examples = outcome.examples();
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("test_accuracy", outcome.test().accuracy());
    values.put("test_loss", outcome.test().loss());
    values.put("train_accuracy", outcome.training().map(s -> s.correct() / examples).orElse(null));
    values.put("train_loss", outcome.training().map(s -> s.lossSum() / examples).orElse(null));
    values.put("validation_accuracy", outcome.validation().map(Evaluation::accuracy).orElse(null));
    values.put("validation_loss", outcome.validation().map(Evaluation::loss).orElse(null));
    values.put("examples_per_second", examples / outcome.roundSeconds());
    Map<String, Double> named = new LinkedHashMap<>();
    values.forEach((key, value) -> named.put(model + "/" + key, value));
    return named;
  }

  private void attempt(Call call) {
    if (off) {
      return;
    }
    try {
      call.run();
    } catch (IOException | RuntimeException e) {
      off = true;
      warnings.accept(
          "warning: this run is logged no further to MLflow at %s: %s"
              .formatted(client.address(), Places.reason(e)));
    }
  }
}
