package io.involution.ml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.involution.failure.InputException;
import io.involution.failure.PlainText;
import io.involution.files.FolderFiles;
import java.io.IOException;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;

/**
 * Reads what {@link StageWriter} writes.
 *
 * @param <T> the stage
 */
final class StageReader<T extends PipelineStage> extends MLReader<T> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Class<T> type;
  private final BiFunction<FolderFiles, Saved, T> made;

  /**
   * What the metadata say.
   *
   * @param uid the stage's name
   * @param facts all of them
   */
  record Saved(String uid, JsonNode facts) {}

  /**
   * Prepares to read.
   *
   * @param type the stage's class
   * @param made makes it, without its params
   */
  StageReader(Class<T> type, BiFunction<FolderFiles, Saved, T> made) {
    this.type = type;
    this.made = made;
  }

  /**
   * Reads a stage.
   *
   * @throws IllegalArgumentException if the folder holds none, or another, or a damaged one
   */
  @Override
  public T load(String path) {
    try {
      return read(FolderFiles.at(path, sparkSession().sparkContext().hadoopConfiguration()));
    } catch (InputException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private T read(FolderFiles folder) {
    String place = folder.location() + "/" + StageWriter.METADATA;
    byte[] metadata =
        folder
            .read(StageWriter.METADATA)
            .orElseThrow(() -> new InputException(place + " is missing: check the path"));
    try {
      JsonNode facts = JSON.readTree(metadata);
      if (!facts.path("class").asText().equals(type.getName())) {
        throw new InputException(place + " is not that of a " + type.getSimpleName());
      }
      T stage = made.apply(folder, new Saved(facts.path("uid").asText(), facts));
      for (Map.Entry<String, JsonNode> each : facts.path("defaultParamMap").properties()) {
        setDefault(stage, param(stage, each.getKey(), place), each.getValue());
      }
      for (Map.Entry<String, JsonNode> each : facts.path("paramMap").properties()) {
        set(stage, param(stage, each.getKey(), place), each.getValue());
      }
      return stage;
    } catch (IOException e) {
      throw new InputException(place + " is damaged: use another copy of it", e);
    }
  }

  private static Param<?> param(Params stage, String name, String place) {
    if (!stage.hasParam(name)) {
      throw new InputException(
          place
              + " has the param "
              + PlainText.ascii(name)
              + ", which this version lacks: load it with the version that saved it");
    }
    return stage.getParam(name);
  }

  private static <V> void setDefault(Params stage, Param<V> param, JsonNode value) {
    stage.setDefault(param, param.jsonDecode(value.toString()));
  }

  private static <V> void set(Params stage, Param<V> param, JsonNode value) {
    stage.set(param, param.jsonDecode(value.toString()));
  }
}
