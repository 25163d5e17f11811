package io.involution.monitoring;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.involution.device.HostCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.resource.ResourceInformation;

/**
 * The memory of this host's GPUs, as {@code nvidia-smi} reports it, including other processes on
 * the same GPU. It is queried only when a sink reads the metric, and at most once every few
 * seconds.
 */
final class GpuMemory {
  private static final Duration FRESH = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final double MEBIBYTE = 1024.0 * 1024;
  private static final List<String> QUERY =
      List.of(
          "nvidia-smi",
          "--query-gpu=index,memory.used,memory.total",
          "--format=csv,noheader,nounits");

  private final List<String> query;
  private Map<String, Usage> known = Map.of();
  private long askedAt;
  private boolean asked;

  private record Usage(double used, double total) {}

  /** Queries the memory with a custom command. */
  GpuMemory(List<String> query) {
    this.query = query;
  }

  /** Registers the memory of the GPUs that Spark assigned; nothing if it assigned none. */
  static void register(MetricRegistry registry, Map<String, ResourceInformation> resources) {
    ResourceInformation gpus = resources.get("gpu");
    if (gpus != null) {
      GpuMemory memory = new GpuMemory(QUERY);
      for (String address : gpus.addresses()) {
        String name = "gpu." + address + ".memory_";
        registry.register(name + "used_bytes", (Gauge<Double>) () -> memory.used(address));
        registry.register(name + "total_bytes", (Gauge<Double>) () -> memory.total(address));
      }
    }
  }

  /** Bytes in use; NaN if unknown. */
  double used(String address) {
    return of(address).used();
  }

  /** Total bytes; NaN if unknown. */
  double total(String address) {
    return of(address).total();
  }

  private synchronized Usage of(String address) {
    if (!asked || System.nanoTime() - askedAt > FRESH.toNanos()) {
      known = ask();
      // Counted from the answer on, so that a slow query is not repeated immediately.
      askedAt = System.nanoTime();
      asked = true;
    }
    return known.getOrDefault(address, new Usage(Double.NaN, Double.NaN));
  }

  private Map<String, Usage> ask() {
    try {
      return read(HostCommand.run(query, PATIENCE).out());
    } catch (IOException | UncheckedIOException | TimeoutException e) {
      // nvidia-smi is missing or does not answer: the memory is unknown.
      return Map.of();
    }
  }

  private static Map<String, Usage> read(String lines) {
    Map<String, Usage> usages = new HashMap<>();
    for (String line : lines.split("\n", -1)) {
      String[] words = line.strip().split(" *, *", -1);
      // A GPU that does not report a value shows [N/A].
      if (words.length == 3 && words[1].matches("\\d+") && words[2].matches("\\d+")) {
        usages.put(
            words[0],
            new Usage(MEBIBYTE * Long.parseLong(words[1]), MEBIBYTE * Long.parseLong(words[2])));
      }
    }
    return usages;
  }
}
