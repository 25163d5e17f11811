package io.involution.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A run as a tracking server knows it.
 *
 * @param id the server's ID for it
 * @param artifacts URI of its artifacts
 * @param fresh whether it has no parameters yet, as when it was just created
 */
record MlflowEntry(String id, String artifacts, boolean fresh) {
  /** The experiment that runs belong to. */
  static final String EXPERIMENT = "involution-spark";

  /** The file in a run's folder that stores the server's run ID for later attempts. */
  static final String FILE = "mlflow.json";

  private static final Pattern ID = Pattern.compile("[\\w.-]{1,256}");

  /** The server's run that an earlier attempt created, or a new one. */
  static MlflowEntry of(MlflowClient client, RunFolder folder) throws IOException {
    Optional<String> before = noted(client, folder);
    if (before.isPresent()) {
      Optional<JsonNode> found = client.get("runs/get", "run_id", before.get());
      if (found.isPresent()
          && !found.get().at("/run/info/lifecycle_stage").asText().equals("deleted")) {
        client.post("runs/update", Map.of("run_id", before.get(), "status", "RUNNING"));
        return of(found.get());
      }
    }
    return create(client, folder);
  }

  /** Stores the run ID in the run's folder. */
  void note(MlflowClient client, RunFolder folder) {
    folder.write(FILE, Json.pretty(Map.of("server", client.address(), "run_id", id)));
  }

  /**
   * Uploads files of a run's folder, if they exist; when one fails, also those after it.
   *
   * @return false if the server stores artifacts elsewhere and does not accept uploads
   * @throws IOException also if the server's path leads out of its own folder of artifacts
   */
  boolean upload(MlflowClient client, RunFolder folder, List<String> names) throws IOException {
    Optional<String> root = MlflowArtifacts.path(artifacts);
    if (root.isEmpty()) {
      return false;
    }
    Optional<IOException> failure = Optional.empty();
    for (String name : names) {
      Optional<byte[]> file = folder.read(name);
      try {
        if (file.isPresent()) {
          client.upload(root.get() + "/" + name, file.get());
        }
      } catch (IOException e) {
        failure = failure.or(() -> Optional.of(e));
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return true;
  }

  /**
   * Uploads a model and says that it is one, if the server accepts uploads.
   *
   * @throws IOException also if the server knows no models
   */
  void log(MlflowClient client, MlflowModel model) throws IOException {
    Optional<String> root = MlflowArtifacts.path(artifacts);
    if (root.isEmpty()) {
      return;
    }
    for (Map.Entry<String, byte[]> file : model.files(id).entrySet()) {
      client.upload(root.get() + "/" + file.getKey(), file.getValue());
    }
    client.post(
        "runs/log-model", Map.of("run_id", id, "model_json", Json.line(model.description(id))));
  }

  private static Optional<String> noted(MlflowClient client, RunFolder folder) throws IOException {
    Optional<byte[]> file = folder.read(FILE);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    JsonNode note = Json.tree(file.get());
    return note.path("server").asText().equals(client.address())
        ? Optional.of(note.path("run_id").asText()).filter(id -> ID.matcher(id).matches())
        : Optional.empty();
  }

  private static MlflowEntry create(MlflowClient client, RunFolder folder) throws IOException {
    return of(
        client.post(
            "runs/create",
            Map.of(
                "experiment_id",
                experiment(client),
                "run_name",
                folder.location().replaceAll(".*/", ""),
                "start_time",
                System.currentTimeMillis(),
                "tags",
                List.of(
                    Map.of("key", "mlflow.source.name", "value", EXPERIMENT),
                    Map.of("key", "folder", "value", folder.location())))));
  }

  private static MlflowEntry of(JsonNode answer) throws IOException {
    JsonNode info = answer.at("/run/info");
    return new MlflowEntry(
        id("run", info.path("run_id")),
        info.path("artifact_uri").asText(),
        answer.at("/run/data/params").isEmpty());
  }

  private static String experiment(MlflowClient client) throws IOException {
    Optional<JsonNode> found = named(client);
    if (found.isEmpty()) {
      try {
        Map<String, Object> name = Map.of("name", EXPERIMENT);
        return id("experiment", client.post("experiments/create", name).path("experiment_id"));
      } catch (MlflowClient.Refused e) {
        // Another run may have created it in the meantime.
        found = named(client);
        if (found.isEmpty()) {
          throw e;
        }
      }
    }
    JsonNode experiment = found.get().path("experiment");
    String id = id("experiment", experiment.path("experiment_id"));
    if (experiment.path("lifecycle_stage").asText().equals("deleted")) {
      throw new MlflowClient.Refused(
          String.format(
              Locale.ROOT,
              "its experiment %s is deleted: restore it (mlflow experiments restore -x %s)",
              EXPERIMENT,
              id));
    }
    return id;
  }

  private static Optional<JsonNode> named(MlflowClient client) throws IOException {
    return client.get("experiments/get-by-name", "experiment_name", EXPERIMENT);
  }

  /** What a server may name things with; other text is not sent back to it. */
  private static String id(String what, JsonNode value) throws IOException {
    String id = value.asText();
    if (!ID.matcher(id).matches()) {
      throw new IOException("the server named no " + what);
    }
    return id;
  }
}
