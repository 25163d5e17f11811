package io.involution.compute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The first processor of this machine as Linux describes it in {@code /proc/cpuinfo}. */
public final class Processor {
  private final List<String> lines;

  /** The processor that some lines of {@code /proc/cpuinfo} describe. */
  Processor(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  /** This machine's processor; without values on systems other than Linux. */
  public static Processor here() {
    try {
      return new Processor(Files.readAllLines(Path.of("/proc/cpuinfo")));
    } catch (IOException notLinux) {
      return new Processor(List.of());
    }
  }

  /** The value of a field, such as {@code model name}. */
  public Optional<String> value(String field) {
    return lines.stream()
        .filter(line -> line.startsWith(field))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip());
  }
}
