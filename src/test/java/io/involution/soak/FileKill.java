package io.involution.soak;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Where the driver dies in writing a file.
 *
 * @param when before the file is there, half way through it, or when it is complete
 * @param file a pattern of the end of its path
 */
record FileKill(When when, String file) {
  /** Setting of Hadoop that holds the kills of a run. */
  static final String SETTING = "soak.file.kills";

  /** The moment. */
  enum When {
    /** The file is not there yet. */
    BEFORE,
    /** The first half of its bytes is written. */
    HALFWAY,
    /** The file is closed. */
    AFTER
  }

  /** The name of its mark. */
  String word() {
    return when + "-" + file.replaceAll("\\W+", "-");
  }

  /** Whether a file is the one. */
  boolean isOf(String path) {
    return path.matches(".*/" + file);
  }

  /** A file of a checkpoint, whichever attempt writes it. */
  static FileKill inCheckpoint(When when, int epochs, int rounds, String name) {
    return new FileKill(
        when,
        String.format(Locale.ROOT, "checkpoint-e%05d-r%05d-a[0-9]+/%s", epochs, rounds, name));
  }

  /** Kills as the setting has them. */
  static String written(List<FileKill> kills) {
    return kills.stream().map(kill -> kill.when + "@" + kill.file).collect(Collectors.joining(";"));
  }

  /** The kills of a setting. */
  static List<FileKill> read(String setting) {
    return Arrays.stream(setting.split(";"))
        .filter(word -> !word.isEmpty())
        .map(word -> word.split("@", 2))
        .map(parts -> new FileKill(When.valueOf(parts[0]), parts[1]))
        .toList();
  }
}
