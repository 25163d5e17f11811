package io.involution.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.involution.metrics.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a run has found out, as text: hashes, results and every metrics row. */
final class RunFigures {
  /** What time, retries and hosts decide. */
  private static final List<String> OTHER =
      List.of(
          "seconds",
          "round_seconds",
          "evaluate_seconds",
          "examples_per_second",
          "attempt",
          "host",
          "executor");

  private RunFigures() {}

  /** The figures of a run's folder, without timings, attempts and hosts. */
  static String of(Path run) {
    try {
      StringBuilder text = new StringBuilder();
      JsonNode results = Json.tree(Files.readAllBytes(run.resolve("run.json"))).path("results");
      results.fields().forEachRemaining(result -> append(text, result.getKey(), result.getValue()));
      for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
        append(text, "row", Json.MAPPER.readTree(line));
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void append(StringBuilder text, String name, JsonNode node) {
    ((ObjectNode) node).remove(OTHER);
    text.append(name).append(' ').append(node).append('\n');
  }
}
