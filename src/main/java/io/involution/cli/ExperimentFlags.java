package io.involution.cli;

import io.involution.experiment.Placeholders;
import io.involution.failure.InputException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Determines an experiment's folder. */
final class ExperimentFlags {
  @Option(
      names = "--out",
      paramLabel = "URI",
      description =
          "Folder of the experiment, in which {name}, {date} and {slot} are replaced with its name,"
              + " the slot's date, as written, and the slot. Default: the file's own, or"
              + " runs/{name}.")
  private String out;

  @Option(
      names = "--slot",
      paramLabel = "SLOT",
      description =
          "The slot of a schedule, such as 2026-03-01 or 2026-03-01T02:00: a retry with the same"
              + " slot finds the same folder. Default: today (UTC).")
  private String slot;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Replace {NAME} in --out with VALUE; may be repeated.")
  private Map<String, String> own = new LinkedHashMap<>();

  /** Whether the command line names the folder. */
  boolean nameFolder() {
    return out != null;
  }

  /**
   * The folder.
   *
   * @param name the experiment's name
   * @param fallback the value of {@code out} in the experiment file
   */
  String out(String name, String fallback) {
    String folder =
        new Placeholders(name, Optional.ofNullable(slot), own, Clock.systemUTC())
            .fill(out == null ? fallback : out);
    if (folder.isBlank()) {
      throw new InputException("--out is empty: name a folder");
    }
    return folder;
  }
}
