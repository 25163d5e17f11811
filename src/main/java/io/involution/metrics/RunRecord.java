package io.involution.metrics;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.involution.failure.InputException;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code run.json}: a run's data, options, versions, machines and results. Written when the run
 * starts and again after each model.
 */
public final class RunRecord {
  private static final String DONE = "done";
  private static final TypeReference<LinkedHashMap<String, ModelResult>> RESULTS =
      new TypeReference<>() {};

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

  /** Adds facts about the run; the value must be one that JSON can represent. */
  public RunRecord with(String key, Object value) {
    record.put(key, value);
    return this;
  }

  /** Adds a model's result and writes the file. */
  public void result(String model, ModelResult result) {
    results.put(model, result);
    write();
  }

  /**
   * Marks the run as complete, with the lengths and digests of its files, and writes the file: the
   * last one of a run, when all the others are on the disk.
   */
  public void done() {
    record.put("files", ResultFiles.of(folder, results.keySet()));
    end(DONE);
  }

  /** Marks the run as failed, unless it is complete, and writes the file. */
  public void failed() {
    endIncomplete("failed");
  }

  /** Marks the run as stopped, to be resumed, unless it is complete, and writes the file. */
  public void stopped() {
    endIncomplete("stopped");
  }

  private void endIncomplete(String status) {
    if (!record.get("status").equals(DONE)) {
      end(status);
    }
  }

  private void end(String status) {
    record.put("status", status);
    record.put("ended", now());
    write();
  }

  /** Writes the file. */
  public void write() {
    record.put("results", results);
    folder.write(RunFolder.RECORD, Json.pretty(record));
  }

  /** Results so far, by model. */
  public Map<String, ModelResult> results() {
    return results;
  }

  /** The part that is read back; the rest of the file is for people and for the report. */
  private record Stored(
      String status,
      Map<String, String> identity,
      LinkedHashMap<String, ModelResult> results,
      Map<String, ResultFiles.Recorded> files) {}

  /**
   * What decided the result of the run in a folder.
   *
   * @return empty if there is no run
   * @throws InputException if the record cannot be read
   */
  public static Optional<Map<String, String>> identity(RunFolder folder) {
    return read(folder).map(stored -> stored.identity() == null ? Map.of() : stored.identity());
  }

  /**
   * The results of the run in a folder, by model.
   *
   * @throws InputException if the record cannot be read
   */
  public static Map<String, ModelResult> results(RunFolder folder) {
    return read(folder).map(Stored::results).orElseGet(LinkedHashMap::new);
  }

  /**
   * The results in a record that has been read as a tree, by model.
   *
   * @throws IllegalArgumentException if they are not results
   */
  public static Map<String, ModelResult> results(JsonNode record) {
    return Json.MAPPER.convertValue(record.path("results"), RESULTS);
  }

  /**
   * Whether the run in a folder is complete.
   *
   * @throws InputException if the record cannot be read
   */
  public static boolean isDone(RunFolder folder) {
    return read(folder).map(stored -> DONE.equals(stored.status())).orElse(false);
  }

  /** The files that the record of a complete run knows; none if it is not complete. */
  static Map<String, ResultFiles.Recorded> files(RunFolder folder) {
    return read(folder)
        .filter(stored -> DONE.equals(stored.status()))
        .map(Stored::files)
        .orElse(Map.of());
  }

  private static Optional<Stored> read(RunFolder folder) {
    Optional<byte[]> bytes = folder.read(RunFolder.RECORD);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(bytes.get(), Stored.class));
    } catch (IOException e) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s/%s is damaged: start over with --overwrite",
              folder.location(),
              RunFolder.RECORD),
          e);
    }
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
