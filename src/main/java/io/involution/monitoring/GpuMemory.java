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
 * The memory of this host's GPUs, as {@code nvidia-smi} tells it: other processes on the same GPU
 * count too. Asked only when a sink asks, and not again for some seconds.
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

  /** Asks by a command of one's own. */
  GpuMemory(List<String> query) {
    this.query = query;
  }

  /** Shows the memory of the GPUs that Spark has given; nothing where it gave none. */
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

  /** Bytes in use; not a number where it is not known. */
  double used(String address) {
    return of(address).used();
  }

  /** All the bytes that there are; not a number where it is not known. */
  double total(String address) {
    return of(address).total();
  }

  private synchronized Usage of(String address) {
    if (!asked || System.nanoTime() - askedAt > FRESH.toNanos()) {
      known = ask();
      // After the answer: one that takes long is not asked for again at once.
      askedAt = System.nanoTime();
      asked = true;
    }
    return known.getOrDefault(address, new Usage(Double.NaN, Double.NaN));
  }

  private Map<String, Usage> ask() {
    try {
      return read(HostCommand.run(query, PATIENCE).out());
    } catch (IOException | UncheckedIOException | TimeoutException e) {
      // No nvidia-smi here, or none that speaks: not known.
      return Map.of();
    }
  }

  private static Map<String, Usage> read(String lines) {
    Map<String, Usage> usages = new HashMap<>();
    for (String line : lines.split("\n", -1)) {
      String[] words = line.strip().split(" *, *", -1);
      // A GPU that hides a number says [N/A].
      if (words.length == 3 && words[1].matches("\\d+") && words[2].matches("\\d+")) {
        usages.put(
            words[0],
            new Usage(MEBIBYTE * Long.parseLong(words[1]), MEBIBYTE * Long.parseLong(words[2])));
      }
    }
    return usages;
  }
}
