package io.involution.monitoring;

import io.involution.device.HostCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * The memory of this host's GPUs, as {@code nvidia-smi} reports it, including other processes on
 * the same GPU. It is queried only when the metrics are read, and at most once every few seconds.
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

  private final List<String> addresses;
  private final List<String> query;
  private Map<String, Usage> known = Map.of();
  private long askedAt;
  private boolean asked;

  /**
   * A GPU's memory in bytes.
   *
   * @param used in use
   * @param size all of it
   */
  record Usage(double used, double size) {}

  private GpuMemory(List<String> addresses, List<String> query) {
    this.addresses = addresses;
    this.query = query;
  }

  /** The memory of the GPUs with these addresses. */
  static GpuMemory of(List<String> addresses) {
    return of(addresses, QUERY);
  }

  /** The same with another command. */
  static GpuMemory of(List<String> addresses, List<String> query) {
    return new GpuMemory(addresses, query);
  }

  /** The GPUs whose memory is known, by address. */
  synchronized Map<String, Usage> read() {
    if (!addresses.isEmpty() && (!asked || System.nanoTime() - askedAt > FRESH.toNanos())) {
      known = ask();
      known.keySet().retainAll(addresses);
      // Counted from the answer on, so that a slow query is not repeated immediately.
      askedAt = System.nanoTime();
      asked = true;
    }
    return known;
  }

  private Map<String, Usage> ask() {
    try {
      return parse(HostCommand.run(query, PATIENCE).out());
    } catch (IOException | UncheckedIOException | TimeoutException e) {
      // nvidia-smi is missing or does not answer: the memory is unknown.
      return new HashMap<>();
    }
  }

  private static Map<String, Usage> parse(String lines) {
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
