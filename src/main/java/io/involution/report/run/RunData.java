package io.involution.report.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.involution.failure.InputException;
import io.involution.metrics.EpochRow;
import io.involution.metrics.Json;
import io.involution.metrics.MetricsFolder;
import io.involution.metrics.RoundCosts;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a run's folder holds, and nothing else: the input of a report.
 *
 * @param location where the folder is, without user info
 * @param record run.json
 * @param models the networks, in the order of their training
 */
public record RunData(String location, JsonNode record, List<ModelData> models) {

  /**
   * Reads a run's folder.
   *
   * @throws InputException naming what is missing or damaged
   */
  public static RunData read(RunFolder folder) {
    JsonNode record = record(folder);
    List<JsonNode> rows = new MetricsFolder(folder).rows();
    Set<String> names = new LinkedHashSet<>();
    record.path("results").fieldNames().forEachRemaining(names::add);
    rows.forEach(row -> names.add(row.path("model").asText()));
    if (names.isEmpty()) {
      throw new InputException(
          folder.location() + " has no epoch yet: wait until the run's first one has ended");
    }
    List<ModelData> models = new ArrayList<>();
    for (String name : names) {
      models.add(model(folder, record, rows, name));
    }
    return new RunData(folder.location(), record, models);
  }

  /** Whether these are the figures of a saved model, and of no training. */
  public boolean isEvaluation() {
    return text("/command").equals("evaluate");
  }

  /** Text of run.json by its JSON pointer; {@code –} where there is none. */
  public String text(String pointer) {
    JsonNode node = record.at(pointer);
    return node.isMissingNode() || node.isNull()
        ? "–"
        : node.isValueNode() ? node.asText() : node.toString();
  }

  private static JsonNode record(RunFolder folder) {
    String name = folder.location() + "/" + RunFolder.RECORD;
    try {
      JsonNode record = Json.tree(folder.read(RunFolder.RECORD).orElse(new byte[0]));
      if (record.path("results").isObject()) {
        return record;
      }
      throw new InputException(name + " is no run's record: name the folder of a run");
    } catch (IOException e) {
      throw new InputException(name + " is damaged: name the folder of another run", e);
    }
  }

  private static ModelData model(
      RunFolder folder, JsonNode record, List<JsonNode> rows, String name) {
    List<EpochRow> epochs = new ArrayList<>();
    List<RoundPoint> rounds = new ArrayList<>();
    List<WorkerPoint> workers = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      JsonNode row = rows.get(i);
      if (!row.path("model").asText().equals(name)) {
        continue;
      }
      switch (row.path("type").asText()) {
        case "epoch" -> epochs.add(epoch(folder, row, i));
        case "round" -> rounds.add(RoundPoint.of(row));
        case "worker" -> workers.add(WorkerPoint.of(row));
        default -> throw damaged(folder, i, null);
      }
    }
    Optional<JsonNode> result =
        Optional.of(record.path("results").path(name)).filter(JsonNode::isObject);
    return new ModelData(
        name,
        result,
        epochs,
        rounds,
        workers,
        Optional.ofNullable(RoundCosts.of(rows, name)),
        new ArtifactReader(folder, name).read());
  }

  private static EpochRow epoch(RunFolder folder, JsonNode row, int line) {
    try {
      return Json.MAPPER.treeToValue(row, EpochRow.class);
    } catch (JsonProcessingException e) {
      throw damaged(folder, line, e);
    }
  }

  private static InputException damaged(RunFolder folder, int line, Exception cause) {
    return new InputException(
        "%s/%s is damaged in line %d: start the run afresh, or take the line out"
            .formatted(folder.location(), MetricsFolder.ALL, line + 1),
        cause);
  }
}
