package io.involution.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.involution.config.InputException;
import io.involution.config.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;

/**
 * Runs Spark's discovery scripts once before Spark does: where one fails, Spark shows a stack trace
 * and hides what the script has said, or ends the process.
 */
final class GpuDiscovery {
  private static final long LIMIT_SECONDS = 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private GpuDiscovery() {}

  /**
   * Runs those that this JVM will run.
   *
   * @throws InputException with what the script says
   */
  static void check(SparkConf conf) {
    check(conf, "driver");
    if (conf.get("spark.master").startsWith("local-cluster[")) {
      check(conf, "worker");
    }
  }

  private static void check(SparkConf conf, String role) {
    String resource = "spark." + role + ".resource.gpu.";
    String script = conf.get(resource + "discoveryScript", "");
    int amount = conf.getInt(resource + "amount", 0);
    if (amount > 0 && !script.isEmpty() && !conf.contains("spark." + role + ".resourcesFile")) {
      int found = addresses(script);
      if (found < amount) {
        throw new InputException(
            "%d GPUs asked for and %d found on this host by %s: ask for fewer, or for none"
                .formatted(amount, found, script));
      }
    }
  }

  private static int addresses(String script) {
    try {
      Path out = Files.createTempFile("discovery", ".out");
      Path err = Files.createTempFile("discovery", ".err");
      try {
        run(script, out, err);
        JsonNode found = JSON.readTree(Files.readAllBytes(out)).path("addresses");
        if (!found.isArray()) {
          throw failed(script, "it printed no JSON with addresses");
        }
        return found.size();
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    } catch (IOException e) {
      throw failed(script, Places.reason(e));
    }
  }

  private static void run(String script, Path out, Path err) throws IOException {
    Process process =
        new ProcessBuilder(script).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw failed(script, "no answer in " + LIMIT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      List<String> said =
          Files.readString(err, StandardCharsets.UTF_8).lines().filter(s -> !s.isBlank()).toList();
      throw failed(
          script,
          said.isEmpty() ? "exit code " + process.exitValue() : said.get(said.size() - 1).strip());
    }
  }

  private static InputException failed(String script, String reason) {
    return new InputException(
        "no GPU was found on this host by %s (%s): correct that, or leave --gpus-per-executor out"
            .formatted(script, reason));
  }
}
