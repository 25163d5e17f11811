package io.involution.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.failure.InputException;
import io.involution.metrics.ArtifactFolder;
import io.involution.metrics.EpochRow;
import io.involution.metrics.Json;
import io.involution.metrics.MetricsFolder;
import io.involution.metrics.MetricsRow;
import io.involution.metrics.ModelResult;
import io.involution.metrics.ResultFiles;
import io.involution.metrics.RunRecord;
import io.involution.model.ModelMetadata;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The contents of a run's folder: the only input of a report.
 *
 * @param location the location of the folder, without user info
 * @param record run.json, for the report to quote
 * @param models the networks, in the order of their training
 */
public record RunData(String location, JsonNode record, List<ModelData> models) {
  /** What the report shows for a missing value. */
  public static final String UNKNOWN = "–";

  /**
   * Reads a run's folder.
   *
   * @throws InputException naming what is missing or damaged
   */
  public static RunData read(RunFolder folder) {
    return sound(folder.location(), () -> read(folder, true));
  }

  /**
   * Reads what a report of several runs shows of each: its settings, its results and its networks'
   * layers. Many runs' rows and pictures would fill the memory, and reading their other files takes
   * long: those need only have their lengths.
   *
   * @throws InputException naming what is missing or damaged
   */
  public static RunData results(RunFolder folder) {
    return sound(folder.location(), () -> read(folder, false));
  }

  /**
   * What a run's record says, without its networks.
   *
   * @throws InputException if it is damaged
   */
  public static RunData ofRecord(RunFolder folder) {
    try {
      return new RunData(folder.location(), tree(folder), List.of());
    } catch (IOException e) {
      throw damaged(folder, e);
    }
  }

  private static JsonNode tree(RunFolder folder) throws IOException {
    return Json.tree(folder.read(RunFolder.RECORD).orElse(new byte[0]));
  }

  private static InputException damaged(RunFolder folder, Exception why) {
    return new InputException(
        folder.location() + "/" + RunFolder.RECORD + " is damaged: name the folder of another run",
        why);
  }

  /**
   * What is made of a run's files: they may say anything, also what cannot be counted or drawn.
   *
   * @param location the run's folder, for the error message
   * @throws InputException when the files do not fit together
   */
  public static <T> T sound(String location, Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException
        | NullPointerException
        | IndexOutOfBoundsException
        | NoSuchElementException
        | ArithmeticException
        | NegativeArraySizeException
        | ClassCastException
        | DateTimeException e) {
      throw new InputException(
          location
              + " is damaged: what run.json, metrics and artifacts say does not fit together, name"
              + " the folder of another run",
          e);
    }
  }

  private static RunData read(RunFolder folder, boolean whole) {
    JsonNode record;
    Map<String, ModelResult> results;
    String name = folder.location() + "/" + RunFolder.RECORD;
    try {
      record = tree(folder);
      if (!record.path("results").isObject()) {
        throw new InputException(name + " is not a run's record: name the folder of a run");
      }
      results = RunRecord.results(record);
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(folder, e);
    }
    if (whole) {
      ResultFiles.requireWhole(folder);
    } else {
      ResultFiles.requireLengths(folder);
    }
    // The results of a run that goes on do not name all its networks.
    List<MetricsRow> rows =
        whole || !RunRecord.isDone(folder) ? new MetricsFolder(folder).rows() : List.of();
    Set<String> names = new LinkedHashSet<>(results.keySet());
    rows.forEach(row -> names.add(row.model()));
    if (names.isEmpty()) {
      throw new InputException(
          folder.location() + " has no epoch yet: wait until the first epoch of the run has ended");
    }
    // A network's name is also the name of its folder: never a path.
    if (!names.stream().allMatch(ModelMetadata::isNetwork)) {
      throw new InputException(
          name + " names a model that is no network's name: name the folder of another run");
    }
    Map<String, Integer> colors = NetworkColors.of(names);
    List<ModelData> models =
        names.stream()
            .map(
                model ->
                    ModelData.of(
                        model,
                        colors.get(model),
                        results.get(model),
                        whole ? rows : List.of(),
                        whole
                            ? ArtifactFolder.read(folder, model)
                            : ArtifactFolder.readLayers(folder, model)))
            .toList();
    return new RunData(folder.location(), record, models);
  }

  /** Whether this is an evaluation of a saved model rather than a training. */
  public boolean isEvaluation() {
    return text("/command").equals("evaluate");
  }

  /** Where an epoch ended, in epochs: the last one may have been cut short. */
  public double end(int epoch) {
    return EpochRow.end(epoch, record.at("/options/epochs").asDouble());
  }

  /** The text at a JSON pointer in run.json; {@link #UNKNOWN} if there is none. */
  public String text(String pointer) {
    JsonNode node = record.at(pointer);
    return node.isMissingNode() || node.isNull()
        ? UNKNOWN
        : node.isValueNode() ? node.asText() : node.toString();
  }
}
