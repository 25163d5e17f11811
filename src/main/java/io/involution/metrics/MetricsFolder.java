package io.involution.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.config.InputException;
import io.involution.run.RunFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a run on its file system: a part for each model and epoch, complete as soon as its
 * last line is the epoch's row.
 */
public final class MetricsFolder {
  /** All the parts as one file, written at the run's end. */
  public static final String ALL = "metrics.jsonl";

  private static final String FOLDER = "metrics";

  private final RunFolder folder;

  /** The metrics of a run. */
  public MetricsFolder(RunFolder folder) {
    this.folder = folder;
  }

  /** Number of the attempt that writes. */
  int attempt() {
    return folder.attempt();
  }

  /** Writes the part of an epoch, whole; a part of the same epoch is replaced. */
  void writePart(String model, int epoch, List<String> lines) {
    String text = String.join("\n", lines) + "\n";
    folder.write(part(model, epoch), text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The row of an epoch that has been written before.
   *
   * @return empty when its part is missing or incomplete
   */
  public Optional<EpochRow> epoch(String model, int epoch) {
    Optional<byte[]> part = folder.read(part(model, epoch));
    if (part.isEmpty()) {
      return Optional.empty();
    }
    List<String> lines = new String(part.get(), StandardCharsets.UTF_8).lines().toList();
    try {
      String last = lines.get(lines.size() - 1);
      JsonNode row = Json.tree(last.getBytes(StandardCharsets.UTF_8));
      return Optional.ofNullable(Json.MAPPER.treeToValue(row, EpochRow.class))
          .filter(found -> "epoch".equals(found.type()) && found.epoch() == epoch);
    } catch (IOException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /**
   * The rows of a model's first epochs.
   *
   * @param epochs how many
   * @throws InputException when one is missing
   */
  public List<EpochRow> epochs(String model, int epochs) {
    List<EpochRow> rows = new ArrayList<>();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      String name = part(model, epoch);
      rows.add(
          epoch(model, epoch)
              .orElseThrow(
                  () ->
                      new InputException(
                          folder.location()
                              + "/"
                              + name
                              + " is missing or incomplete: start afresh with --overwrite")));
    }
    return rows;
  }

  /**
   * All rows in order: those of the joined file, or of the parts while the run goes on.
   *
   * @throws InputException when a line is no JSON
   */
  public List<JsonNode> rows() {
    Optional<byte[]> joined = folder.read(ALL);
    if (joined.isPresent()) {
      return parse(ALL, joined.get());
    }
    List<JsonNode> rows = new ArrayList<>();
    for (String name : folder.list(FOLDER)) {
      if (name.endsWith(".jsonl")) {
        folder
            .read(FOLDER + "/" + name)
            .ifPresent(part -> rows.addAll(parse(FOLDER + "/" + name, part)));
      }
    }
    return rows;
  }

  private List<JsonNode> parse(String name, byte[] bytes) {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      try {
        rows.add(Json.tree(line.getBytes(StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new InputException(
            folder.location()
                + "/"
                + name
                + " is damaged in line "
                + (rows.size() + 1)
                + ": use another copy of it, or train again",
            e);
      }
    }
    return rows;
  }

  /** Joins the parts of the models, epoch by epoch, to one file. */
  public void join(List<String> models, int epochs) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String model : models) {
      for (int epoch = 1; epoch <= epochs; epoch++) {
        folder.read(part(model, epoch)).ifPresent(all::writeBytes);
      }
    }
    folder.replace(ALL, all.toByteArray());
  }

  private static String part(String model, int epoch) {
    return "%s/part-%s-%05d.jsonl".formatted(FOLDER, model, epoch);
  }
}
