package io.involution.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What a driver leaves that dies in its last epoch, made of a run that is complete. */
final class DeadDriver {
  private DeadDriver() {}

  /**
   * Takes away what the last epoch and the end of a run have written.
   *
   * @param run the run's folder
   * @param model its network's name
   * @param epoch the last epoch
   */
  static void inEpoch(int epoch, String model, Path run) throws IOException {
    delete(
        run.resolve(String.format(Locale.ROOT, "%s/checkpoint-e%05d-r00000-a00001", model, epoch)));
    delete(
        run.resolve(String.format(Locale.ROOT, "metrics/part-%s-%05d-00001.jsonl", model, epoch)));
    delete(run.resolve("metrics.jsonl"));
    Path record = run.resolve("run.json");
    Files.writeString(record, Files.readString(record).replace("\"done\"", "\"running\""));
  }

  private static void delete(Path path) throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
