package io.involution.metrics;

import io.involution.data.Sha256;
import io.involution.failure.InputException;
import io.involution.files.NumberedNames;
import io.involution.files.WholeFile;
import io.involution.model.ModelMetadata;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rows of a run on its file system: a part for each model and epoch, complete as soon as its
 * last line is the epoch's row.
 */
public final class MetricsFolder {
  /** All the parts as one file, written at the run's end. */
  public static final String ALL = "metrics.jsonl";

  private static final String FOLDER = "metrics";

  /** Model, epoch, attempt. */
  private static final Pattern PART =
      Pattern.compile("part-(" + ModelMetadata.NETWORK + ")-(\\d{5,9})-(\\d{5,9})\\.jsonl");

  private final RunFolder folder;

  /** The metrics of a run. */
  public MetricsFolder(RunFolder folder) {
    this.folder = folder;
  }

  /** The number of the attempt that writes. */
  int attempt() {
    return folder.attempt();
  }

  /**
   * A part that has been written.
   *
   * @param name its name in the run's folder
   * @param sha256 its digest
   */
  record Part(String name, String sha256) {}

  /** Writes the part of an epoch in one go. No attempt writes to another's. */
  Part writePart(String model, int epoch, List<String> lines) {
    byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    String name =
        String.format(Locale.ROOT, "%s/part-%s-%05d-%05d.jsonl", FOLDER, model, epoch, attempt());
    folder.write(name, text);
    return new Part(name, Sha256.hex(text));
  }

  /**
   * Deletes a model's parts except those named: the others are of epochs that are trained again.
   */
  public void keepOnly(String model, Set<String> kept) {
    for (String name : folder.list(FOLDER)) {
      Matcher matcher = PART.matcher(name);
      boolean mine = matcher.matches() && matcher.group(1).equals(model);
      if (mine && !kept.contains(FOLDER + "/" + name)) {
        folder.delete(FOLDER + "/" + name);
      }
    }
  }

  /**
   * The row of an epoch that has been written before.
   *
   * @return empty when its part is missing or incomplete
   */
  public Optional<EpochRow> epoch(String model, int epoch) {
    return epoch(newest().getOrDefault(model, new TreeMap<>()), epoch);
  }

  private Optional<EpochRow> epoch(Map<Integer, String> parts, int epoch) {
    try {
      return Optional.of(row(parts, epoch));
    } catch (IOException e) {
      // Missing or incomplete: whoever needs it asks for all rows, and is told why.
      return Optional.empty();
    }
  }

  /** The row of an epoch, which is its part's last. */
  private EpochRow row(Map<Integer, String> parts, int epoch) throws IOException {
    String name = parts.get(epoch);
    if (name == null) {
      throw new IOException("there is none");
    }
    String text = new String(folder.read(name).orElse(new byte[0]), StandardCharsets.UTF_8);
    String last = text.lines().reduce("", (before, line) -> line);
    if (row(last) instanceof EpochRow row && row.epoch() == epoch) {
      return row;
    }
    throw new IOException(name + " does not end with the epoch's row");
  }

  /**
   * The rows of a model's first epochs.
   *
   * @param epochs how many
   * @throws InputException when one is missing
   */
  public List<EpochRow> epochs(String model, int epochs) {
    return epochs(newest().getOrDefault(model, new TreeMap<>()), model, epochs);
  }

  private List<EpochRow> epochs(Map<Integer, String> parts, String model, int epochs) {
    List<EpochRow> rows = new ArrayList<>();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      try {
        rows.add(row(parts, epoch));
      } catch (IOException e) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s/%s has no complete part for epoch %d of %s: start over with --overwrite",
                folder.location(),
                FOLDER,
                epoch,
                model),
            e);
      }
    }
    return rows;
  }

  /** Names of the parts by model and epoch; of several attempts, the newest. */
  private SortedMap<String, SortedMap<Integer, String>> newest() {
    return newest(folder.list(FOLDER));
  }

  private static SortedMap<String, SortedMap<Integer, String>> newest(List<String> names) {
    SortedMap<String, SortedMap<Integer, String>> parts = new TreeMap<>();
    NumberedNames.sorted(names, PART, 3)
        .forEach(
            part ->
                parts
                    .computeIfAbsent(part.group(1), model -> new TreeMap<>())
                    .put(Integer.valueOf(part.group(2)), FOLDER + "/" + part.group()));
    return parts;
  }

  /**
   * All rows in order: from the joined file, or from the parts during the run.
   *
   * @throws InputException if a line is not a row
   */
  public List<MetricsRow> rows() {
    Optional<byte[]> joined = folder.read(ALL);
    if (joined.isPresent()) {
      return parse(ALL, joined.get());
    }
    List<String> names =
        newest().values().stream().flatMap(parts -> parts.values().stream()).toList();
    long bytes = names.stream().mapToLong(name -> folder.length(name).orElse(0)).sum();
    if (bytes > WholeFile.most(ALL)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s/%s holds too much (%,d bytes): give the driver more memory with --driver-memory",
              folder.location(),
              FOLDER,
              bytes));
    }
    List<MetricsRow> rows = new ArrayList<>();
    for (String name : names) {
      folder.read(name).ifPresent(part -> rows.addAll(parse(name, part)));
    }
    return rows;
  }

  private List<MetricsRow> parse(String name, byte[] bytes) {
    List<MetricsRow> rows = new ArrayList<>();
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      try {
        rows.add(row(line));
      } catch (IOException e) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s/%s is damaged in line %d: use another copy of it, or train again",
                folder.location(),
                name,
                rows.size() + 1),
            e);
      }
    }
    return rows;
  }

  private static MetricsRow row(String line) throws IOException {
    MetricsRow row = Json.read(line.getBytes(StandardCharsets.UTF_8), MetricsRow.class);
    if (row.model() == null) {
      throw new IOException("a row names its model");
    }
    return row;
  }

  /**
   * Makes sure that a model's rows are all there: those of the epochs that have ended, in the parts
   * that a checkpoint knows, and those of the current epoch, in the checkpoint.
   *
   * @return the rows of the epochs
   * @throws InputException if one is missing, damaged, or another model's
   */
  public List<EpochRow> check(String model, int epochs, Set<String> parts, List<String> current) {
    // One part at a time: a long run's rows would fill the driver.
    for (String part : parts) {
      requireOf(model, parse(part, folder.read(part).orElse(new byte[0])));
    }
    byte[] bytes = String.join("\n", current).getBytes(StandardCharsets.UTF_8);
    requireOf(model, parse("a checkpoint of " + model, bytes));
    List<String> names = parts.stream().map(part -> part.replaceAll(".*/", "")).toList();
    return epochs(newest(names).getOrDefault(model, new TreeMap<>()), model, epochs);
  }

  private void requireOf(String model, List<MetricsRow> rows) {
    if (!rows.stream().allMatch(row -> row.model().equals(model))) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s/%s: rows of %s are another model's: start over with --overwrite",
              folder.location(),
              FOLDER,
              model));
    }
  }

  /**
   * Joins the parts of the models into one file, epoch by epoch: in memory there is one at a time.
   *
   * @param rows receives every row, in order
   * @throws InputException if a line is not a row
   */
  public void join(List<String> models, int epochs, Consumer<MetricsRow> rows) {
    Map<String, SortedMap<Integer, String>> newest = newest();
    List<String> names = new ArrayList<>();
    for (String model : models) {
      names.addAll(newest.getOrDefault(model, new TreeMap<>()).headMap(epochs + 1).values());
    }
    folder.write(
        ALL,
        out -> {
          for (String name : names) {
            byte[] part = folder.read(name).orElse(new byte[0]);
            out.write(part);
            parse(name, part).forEach(rows);
          }
        });
  }
}
