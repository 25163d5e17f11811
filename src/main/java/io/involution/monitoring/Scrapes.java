package io.involution.monitoring;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Which Prometheus servers have read the metrics, and when. A server that has read them during the
 * run may read its results too before the driver ends: for that the driver waits for at most the
 * server's interval, a minute where that is not known, and not at all where nobody has read.
 */
final class Scrapes {
  /** What Prometheus sends with each request, and browsers do not. */
  static final String HEADER = "X-Prometheus-Scrape-Timeout-Seconds";

  private static final Duration MOST = Duration.ofMinutes(1);
  private static final Duration MARGIN = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int MOST_SERVERS = 8;

  private final Map<InetAddress, Seen> servers = new HashMap<>();

  /**
   * A server's last request.
   *
   * @param began when it began, by {@link System#nanoTime()}
   * @param interval nanoseconds after the one before
   */
  private record Seen(long began, long interval) {
    /** When the next one is here at the latest. */
    long due() {
      return began + Math.min(interval + MARGIN.toNanos(), MOST.toNanos());
    }
  }

  /** A server has read the metrics, by a request that began at that moment. */
  synchronized void scraped(InetAddress server, long began) {
    Seen before = servers.get(server);
    if (before != null || servers.size() < MOST_SERVERS) {
      servers.put(
          server, new Seen(began, before == null ? MOST.toNanos() : began - before.began()));
    }
    notifyAll();
  }

  /** The longest that {@link #await} takes now. */
  synchronized Duration longest(long since) {
    long now = System.nanoTime();
    return Duration.ofNanos(
        servers.values().stream()
            .filter(seen -> seen.began() - since < 0)
            .mapToLong(seen -> seen.due() - now)
            .max()
            .orElse(0));
  }

  /**
   * Waits until every server has read what there is since a moment of {@link System#nanoTime()}, or
   * should have done so.
   *
   * @param given whether to wait no longer
   */
  synchronized void await(long since, BooleanSupplier given) {
    try {
      while (!given.getAsBoolean() && longest(since).compareTo(Duration.ZERO) > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, LOOK.toNanos());
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }
}
