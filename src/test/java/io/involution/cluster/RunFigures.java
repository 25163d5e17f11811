package io.involution.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.involution.data.Sha256;
import io.involution.metrics.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a run has found out, as text: hashes, results and every metrics row. */
public final class RunFigures {
  /** What time, retries and hosts decide. */
  private static final List<String> OTHER =
      List.of(
          "seconds",
          "round_seconds",
          "evaluate_seconds",
          "examples_per_second",
          "attempt",
          "host",
          "skew",
          "slowest_worker",
          "slowest_host",
          "executor");

  private RunFigures() {}

  /** The figures of a run's folder, without timings, attempts and hosts. */
  public static String of(Path run) {
    try {
      StringBuilder text = new StringBuilder();
      JsonNode results = Json.tree(Files.readAllBytes(run.resolve("run.json"))).path("results");
      results.properties().forEach(result -> append(text, result.getKey(), result.getValue()));
      for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
        append(text, "row", Json.MAPPER.readTree(line));
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every file of a run with its digest. */
  public static Map<String, String> files(Path run) {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        digests.put(file.toString(), Sha256.hex(Files.readAllBytes(file)));
      }
      return digests;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Which attempts of tasks gave the updates, from 0. */
  public static Set<Integer> attempts(Path run) {
    Set<Integer> attempts = new TreeSet<>();
    workerRows(run).forEach(row -> attempts.add(row.get("attempt").asInt()));
    return attempts;
  }

  /** The executors that computed the updates. */
  public static Set<String> executors(Path run) {
    Set<String> executors = new TreeSet<>();
    workerRows(run).forEach(row -> executors.add(row.get("executor").asText()));
    return executors;
  }

  /** What the workers computed on, by the run's record. */
  static List<JsonNode> devices(Path run) {
    try {
      List<JsonNode> devices = new ArrayList<>();
      Json.tree(Files.readAllBytes(run.resolve("run.json"))).path("devices").forEach(devices::add);
      return devices;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The addresses of the GPUs that Spark gave them. */
  static List<String> gpuAddresses(Path run) {
    return devices(run).stream().map(device -> device.path("gpu_address").asText()).toList();
  }

  private static List<JsonNode> workerRows(Path run) {
    try {
      List<JsonNode> rows = new ArrayList<>();
      for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
        JsonNode row = Json.MAPPER.readTree(line);
        if (row.path("type").asText().equals("worker")) {
          rows.add(row);
        }
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void append(StringBuilder text, String name, JsonNode node) {
    ((ObjectNode) node).remove(OTHER);
    text.append(name).append(' ').append(node).append('\n');
  }
}
