package io.involution.tracking;

import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.metrics.Json;
import io.involution.model.onnx.OnnxFile;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * A trained network in the form in which MLflow keeps models, in its flavors {@code onnx} and
 * {@code python_function}: {@code NETWORK/model} among a run's artifacts. MLflow's own files are
 * YAML, of which JSON is a part.
 */
public final class MlflowModel {
  private static final String FOLDER = "model";
  private static final String FILE = "model.onnx";
  private static final List<String> PACKAGES = List.of("mlflow", "onnx", "onnxruntime");
  private static final String PYTHON = "3.10";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final String path;
  private final DataSchema schema;
  private final byte[] onnx;
  private final String created = TIME.format(Instant.now());
  private final String id = UUID.randomUUID().toString().replace("-", "");

  /**
   * A model that was just made.
   *
   * @param network the network's name
   * @param schema its images and classes
   * @param onnx the bytes of the ONNX file; kept, not copied
   */
  public MlflowModel(String network, DataSchema schema, byte[] onnx) {
    this.path = network + "/" + FOLDER;
    this.schema = schema;
    this.onnx = onnx;
  }

  /** Its files by their names among the run's artifacts. */
  Map<String, byte[]> files(String run) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(path + "/" + FILE, onnx);
    files.put(path + "/requirements.txt", text(String.join("\n", PACKAGES) + "\n"));
    files.put(
        path + "/conda.yaml",
        Json.pretty(
            Map.of(
                "name",
                "mlflow-env",
                "channels",
                List.of("conda-forge"),
                "dependencies",
                List.of("python=" + PYTHON, "pip", Map.of("pip", PACKAGES)))));
    files.put(
        path + "/python_env.yaml",
        Json.pretty(Map.of("python", PYTHON, "dependencies", List.of("-r requirements.txt"))));
    files.put(path + "/MLmodel", Json.pretty(description(run)));
    return files;
  }

  /**
   * What MLflow's {@code MLmodel} says.
   *
   * @param run the server's ID of the run
   */
  Map<String, Object> description(String run) {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("artifact_path", path);
    description.put("run_id", run);
    description.put("model_uuid", id);
    description.put("utc_time_created", created);
    description.put("flavors", Map.of("onnx", onnxFlavor(), "python_function", pythonFlavor()));
    ImageShape image = schema.image();
    List<Integer> input = List.of(-1, image.channels(), image.height(), image.width());
    description.put(
        "signature",
        Map.of(
            "inputs",
            tensor(OnnxFile.INPUT, input),
            "outputs",
            tensor(OnnxFile.OUTPUT, List.of(-1, schema.classCount()))));
    return description;
  }

  private static Map<String, Object> onnxFlavor() {
    return Map.of(
        "data", FILE, "onnx_version", "1.8.0", "providers", List.of("CPUExecutionProvider"));
  }

  private static Map<String, Object> pythonFlavor() {
    return Map.of(
        "loader_module",
        "mlflow.onnx",
        "data",
        FILE,
        "python_version",
        PYTHON,
        "env",
        Map.of("conda", "conda.yaml", "virtualenv", "python_env.yaml"));
  }

  /** MLflow keeps the types as JSON in a string. */
  private static String tensor(String name, List<Integer> shape) {
    Map<String, Object> tensor = new LinkedHashMap<>();
    tensor.put("name", name);
    tensor.put("type", "tensor");
    tensor.put("tensor-spec", Map.of("dtype", "float32", "shape", shape));
    return Json.line(List.of(tensor));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
