package io.involution.metrics;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
  private final ObjectNode facts = Json.MAPPER.createObjectNode();
  private Contents contents;

  /**
   * A record of a run that starts now.
   *
   * @param folder the run's folder
   * @param identity what decides the run's result, see {@link #identity(RunFolder)}
   */
  public RunRecord(RunFolder folder, Map<String, String> identity) {
    this.folder = folder;
    contents =
        new Contents(
            "running", now(), null, folder.attempt(), identity, new LinkedHashMap<>(), null);
  }

  /** Adds what else there is to know about the run, of a type that is a JSON object. */
  public RunRecord with(Object more) {
    facts.setAll((ObjectNode) Json.MAPPER.valueToTree(more));
    return this;
  }

  /** Adds a model's result and writes the file. */
  public void result(String model, ModelResult result) {
    results().put(model, result);
    write();
  }

  /**
   * Marks the run as complete, with the lengths and digests of its files, and writes the file: the
   * last one of a run, when all the others are on the disk.
   */
  public void done() {
    end(DONE, ResultFiles.of(folder, results().keySet()));
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
    if (!contents.isDone()) {
      end(status, null);
    }
  }

  private void end(String status, Map<String, ResultFiles.Recorded> files) {
    contents =
        new Contents(
            status,
            contents.started(),
            now(),
            contents.attempt(),
            contents.identity(),
            contents.results(),
            files);
    write();
  }

  /** Writes the file. */
  public void write() {
    ObjectNode file = Json.MAPPER.valueToTree(contents);
    folder.write(RunFolder.RECORD, Json.pretty(file.setAll(facts)));
  }

  /** Results so far, by model. */
  public Map<String, ModelResult> results() {
    return contents.results();
  }

  /**
   * The state of a run and its results, which are read back. What else the file has is for people
   * and for the report.
   *
   * @param status {@code running}, {@code done}, {@code failed} or {@code stopped}
   * @param started when this attempt started, in UTC
   * @param ended when it ended, in UTC; null while it runs
   * @param attempt 1, and one more each time that the run is resumed
   * @param identity the options and the data that decide the results, as text: {@code --resume}
   *     requires the same
   * @param results the results of each network that is trained
   * @param files the files of a finished run, by name; absent from others
   */
  private record Contents(
      String status,
      String started,
      String ended,
      Integer attempt,
      Map<String, String> identity,
      LinkedHashMap<String, ModelResult> results,
      @JsonInclude(JsonInclude.Include.NON_NULL) Map<String, ResultFiles.Recorded> files) {

    private boolean isDone() {
      return DONE.equals(status);
    }
  }

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
    return read(folder).map(Contents::results).orElseGet(LinkedHashMap::new);
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
    return read(folder).map(Contents::isDone).orElse(false);
  }

  /** The files that the record of a complete run knows; none if it is not complete. */
  static Map<String, ResultFiles.Recorded> files(RunFolder folder) {
    return read(folder).filter(Contents::isDone).map(Contents::files).orElse(Map.of());
  }

  private static Optional<Contents> read(RunFolder folder) {
    Optional<byte[]> bytes = folder.read(RunFolder.RECORD);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(bytes.get(), Contents.class));
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
