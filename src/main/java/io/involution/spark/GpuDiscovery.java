package io.involution.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.involution.device.HostCommand;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;

/**
 * Runs Spark's GPU discovery scripts once before Spark does: when one fails, Spark shows a stack
 * trace that hides the script's message, or ends the process.
 */
final class GpuDiscovery {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private GpuDiscovery() {}

  /**
   * Runs the scripts that this JVM will run.
   *
   * @throws InputException with the script's message
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
            String.format(
                Locale.ROOT,
                "%d GPUs asked for and %d found on this host by %s: ask for fewer, or for none",
                amount,
                found,
                script));
      }
    }
  }

  private static int addresses(String script) {
    try {
      HostCommand.Answer said = HostCommand.run(List.of(script), LIMIT);
      if (said.code() != 0) {
        List<String> lines = said.err().lines().filter(line -> !line.isBlank()).toList();
        throw failed(
            script,
            lines.isEmpty() ? "exit code " + said.code() : lines.get(lines.size() - 1).strip());
      }
      JsonNode found = JSON.readTree(said.out()).path("addresses");
      if (!found.isArray()) {
        throw failed(script, "it printed no JSON with addresses");
      }
      return found.size();
    } catch (TimeoutException e) {
      throw failed(script, e.getMessage());
    } catch (IOException e) {
      throw failed(script, Places.reason(e));
    }
  }

  private static InputException failed(String script, String reason) {
    return new InputException(
        String.format(
            Locale.ROOT,
            "no GPU was found on this host by %s (%s): correct that, or leave --gpus-per-executor"
                + " out",
            script,
            reason));
  }
}
