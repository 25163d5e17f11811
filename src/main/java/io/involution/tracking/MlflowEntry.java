package io.involution.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run as a tracking server knows it.
 *
 * @param id the server's ID for it
 * @param artifacts URI of its artifacts
 * @param fresh whether it was just created and has no data yet
 */
record MlflowEntry(String id, String artifacts, boolean fresh) {
  /** The experiment that runs belong to. */
  static final String EXPERIMENT = "involution-spark";

  /** The file in a run's folder that stores the server's run ID for later attempts. */
  static final String FILE = "mlflow.json";

  private static final String PROXY = "mlflow-artifacts";

  /** The server's run that an earlier attempt created, or a new one. */
  static MlflowEntry of(MlflowClient client, RunFolder folder) throws IOException {
    Optional<String> before = noted(client, folder);
    if (before.isPresent()) {
      Optional<JsonNode> found = client.get("runs/get", "run_id", before.get());
      if (found.isPresent()
          && !found.get().at("/run/info/lifecycle_stage").asText().equals("deleted")) {
        client.post("runs/update", Map.of("run_id", before.get(), "status", "RUNNING"));
        return of(found.get(), false);
      }
    }
    return create(client, folder);
  }

  /** Stores the run ID in the run's folder. */
  void note(MlflowClient client, RunFolder folder) {
    folder.write(FILE, Json.pretty(Map.of("server", client.address(), "run_id", id)));
  }

  /**
   * Uploads files of a run's folder, if they exist.
   *
   * @return false if the server stores artifacts elsewhere and does not accept uploads
   */
  boolean upload(MlflowClient client, RunFolder folder, List<String> names) throws IOException {
    URI uri = URI.create(artifacts);
    if (!PROXY.equals(uri.getScheme()) || uri.getRawPath() == null) {
      return false;
    }
    for (String name : names) {
      Optional<byte[]> file = folder.read(name);
      if (file.isPresent()) {
        client.upload(uri.getRawPath().replaceAll("/+$", "") + "/" + name, file.get());
      }
    }
    return true;
  }

  private static Optional<String> noted(MlflowClient client, RunFolder folder) throws IOException {
    Optional<byte[]> file = folder.read(FILE);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    JsonNode note = Json.tree(file.get());
    return note.path("server").asText().equals(client.address())
        ? Optional.of(note.path("run_id").asText()).filter(id -> !id.isEmpty())
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
                    Map.of("key", "folder", "value", folder.location())))),
        true);
  }

  private static MlflowEntry of(JsonNode answer, boolean fresh) throws IOException {
    JsonNode info = answer.at("/run/info");
    if (info.path("run_id").asText().isEmpty()) {
      throw new IOException("the server named no run");
    }
    return new MlflowEntry(info.path("run_id").asText(), info.path("artifact_uri").asText(), fresh);
  }

  private static String experiment(MlflowClient client) throws IOException {
    Optional<JsonNode> found = client.get("experiments/get-by-name", "experiment_name", EXPERIMENT);
    return found.isPresent()
        ? found.get().at("/experiment/experiment_id").asText()
        : client
            .post("experiments/create", Map.of("name", EXPERIMENT))
            .path("experiment_id")
            .asText();
  }
}
