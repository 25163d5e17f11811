package io.involution.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command of {@code submit/} that a benchmark runs, and the rows that a run of it leaves. */
final class Submission {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Submission() {}

  /**
   * Runs a command to its end.
   *
   * @param command its words
   * @param log where its output goes
   * @throws IOException when it fails
   */
  static void run(List<String> command, Path log) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + code + ", see " + log);
    }
  }

  /** The rows of a run's metrics after an epoch: the JVM compiles in the first ones. */
  static List<JsonNode> rowsAfter(int epoch, Path folder) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("metrics.jsonl"))) {
      JsonNode row = JSON.readTree(line);
      if (row.path("epoch").asInt() > epoch) {
        rows.add(row);
      }
    }
    return rows;
  }
}
