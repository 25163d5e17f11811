package io.involution.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.involution.failure.InputException;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code run.json}: which data, options, versions and machines a run had, and what came of it.
 * Written when the run starts and again after each model.
 */
public final class RunRecord {
  private static final String DONE = "done";

  private final RunFolder folder;
  private final Map<String, Object> record = new LinkedHashMap<>();
  private final Map<String, ModelResult> results = new LinkedHashMap<>();

  /**
   * A record of a run that starts now.
   *
   * @param folder the run's folder
   * @param identity what decides the run's result, see {@link #identity(RunFolder)}
   */
  public RunRecord(RunFolder folder, Map<String, String> identity) {
    this.folder = folder;
    record.put("status", "running");
    record.put("started", now());
    record.put("ended", null);
    record.put("attempt", folder.attempt());
    record.put("identity", identity);
  }

  /** Adds facts about the run; the value has to be one that JSON can hold. */
  public RunRecord with(String key, Object value) {
    record.put(key, value);
    return this;
  }

  /** Adds a model's result and writes the file. */
  public void result(String model, ModelResult result) {
    results.put(model, result);
    write();
  }

  /** Notes that the run is complete and writes the file. */
  public void done() {
    record.put("status", DONE);
    record.put("ended", now());
    write();
  }

  /** Writes the file. */
  public void write() {
    // An evaluation has said its results itself.
    record.putIfAbsent("results", results);
    folder.replace(RunFolder.RECORD, Json.pretty(record));
  }

  /** Results so far, by model. */
  public Map<String, ModelResult> results() {
    return results;
  }

  /**
   * What decided the result of the run that is in a folder.
   *
   * @return empty when there is no run
   * @throws InputException when the record cannot be read
   */
  public static Optional<Map<String, String>> identity(RunFolder folder) {
    return read(folder)
        .map(
            record -> {
              Map<String, String> identity = new LinkedHashMap<>();
              record
                  .path("identity")
                  .fields()
                  .forEachRemaining(e -> identity.put(e.getKey(), e.getValue().asText()));
              return identity;
            });
  }

  /**
   * The results of the run that is in a folder, by model.
   *
   * @throws InputException when the record cannot be read
   */
  public static JsonNode results(RunFolder folder) {
    return read(folder).map(record -> record.path("results")).orElseGet(MissingNode::getInstance);
  }

  /**
   * Whether the run that is in a folder is complete.
   *
   * @throws InputException when the record cannot be read
   */
  public static boolean isDone(RunFolder folder) {
    return read(folder).map(record -> record.path("status").asText().equals(DONE)).orElse(false);
  }

  private static Optional<JsonNode> read(RunFolder folder) {
    Optional<byte[]> bytes = folder.read(RunFolder.RECORD);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.tree(bytes.get()));
    } catch (IOException e) {
      throw new InputException(
          folder.location() + "/" + RunFolder.RECORD + " is damaged: start afresh with --overwrite",
          e);
    }
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
