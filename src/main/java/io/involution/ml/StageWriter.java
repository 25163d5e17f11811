package io.involution.ml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.involution.files.Durability;
import io.involution.files.FolderFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLWriter;

/**
 * Writes a stage as Spark ML's own stages are written: params as JSON in {@code metadata/}, so that
 * pipelines find them, and a file beside it.
 */
final class StageWriter extends MLWriter {
  static final String METADATA = "metadata/part-00000";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PipelineStage stage;
  private final Map<String, Object> facts;
  private final Optional<File> file;

  /**
   * A file beside the metadata.
   *
   * @param name its name
   * @param bytes its content
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record File(String name, byte[] bytes) {}

  /**
   * Prepares to write.
   *
   * @param stage the stage, whose params are written
   * @param facts what else the metadata say
   * @param file the file beside them
   */
  StageWriter(PipelineStage stage, Map<String, Object> facts, Optional<File> file) {
    this.stage = stage;
    this.facts = facts;
    this.file = file;
  }

  @Override
  public void saveImpl(String path) {
    FolderFiles folder = FolderFiles.at(path, sparkSession().sparkContext().hadoopConfiguration());
    file.ifPresent(each -> folder.write(each.name(), each.bytes(), Durability.ON_DISK));
    // Last: without it there is nothing to load.
    folder.write(METADATA, metadata(), Durability.ON_DISK);
  }

  private byte[] metadata() {
    ObjectNode metadata = JSON.createObjectNode();
    metadata.put("class", stage.getClass().getName());
    metadata.put("timestamp", System.currentTimeMillis());
    metadata.put("sparkVersion", sparkSession().version());
    metadata.put("uid", stage.uid());
    metadata.set("paramMap", params(stage.paramMap()));
    metadata.set("defaultParamMap", params(stage.defaultParamMap()));
    facts.forEach((key, value) -> metadata.set(key, JSON.valueToTree(value)));
    return (metadata + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private ObjectNode params(ParamMap values) {
    ObjectNode params = JSON.createObjectNode();
    for (Param<?> param : stage.params()) {
      if (values.contains(param)) {
        params.set(param.name(), encoded(param, values));
      }
    }
    return params;
  }

  private static <T> JsonNode encoded(Param<T> param, ParamMap values) {
    try {
      return JSON.readTree(param.jsonEncode(values.apply(param)));
    } catch (IOException e) {
      throw new IllegalStateException(param.name() + " is not written as JSON", e);
    }
  }
}
