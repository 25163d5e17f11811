package io.involution.monitoring;

import io.involution.config.value.HostNames;
import io.involution.failure.Places;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugin on the driver: publishes the progress of training and the memory of the executors for
 * Prometheus.
 */
final class DriverMonitor implements DriverPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(DriverMonitor.class);
  private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Map<List<?>, Received> received = new ConcurrentHashMap<>();
  private final Scrapes scrapes = new Scrapes();
  private MetricsEndpoint endpoint;

  /** A value that an executor sent, and when it arrived, by {@link System#nanoTime()}. */
  private record Received(double value, long nanos) {}

  @Override
  public Map<String, String> init(SparkContext spark, PluginContext context) {
    MonitoringPlugin.tryTo(() -> begin(context, spark.isLocal()));
    return Map.of();
  }

  /**
   * Publishes, if the settings ask for it; also the memory of this JVM where it is the executor.
   */
  void begin(PluginContext context, boolean isExecutor) {
    Optional<ExecutorMemory> own =
        isExecutor ? Optional.of(ExecutorMemory.of(context, context.hostname())) : Optional.empty();
    MetricsAddress.of(context.conf()).ifPresent(address -> open(address, own, context.conf()));
  }

  private void open(MetricsAddress address, Optional<ExecutorMemory> own, SparkConf conf) {
    TrainingMetrics.forget();
    try {
      endpoint =
          MetricsEndpoint.open(
              address.socket(), names(conf, address), () -> text(own, System.nanoTime()), scrapes);
      LOG.info("metrics for Prometheus at {}", url());
    } catch (IOException e) {
      LOG.warn(
          "warning: no metrics are published at {}:{} ({}): give another address or port with"
              + " --conf {}=ADDRESS:PORT, or port 0 for any free one",
          address.host(),
          address.port(),
          Places.reason(e),
          MetricsAddress.SETTING);
    }
  }

  private static HostNames names(SparkConf conf, MetricsAddress address) {
    return HostNames.of(List.of(address.host(), conf.get("spark.driver.host", address.host())));
  }

  private String url() {
    InetSocketAddress address = endpoint.address();
    String host = address.getAddress().getHostAddress();
    return String.format(
        Locale.ROOT,
        host.contains(":") ? "http://[%s]:%d/metrics" : "http://%s:%d/metrics",
        host,
        address.getPort());
  }

  /** What is published at a moment of {@link System#nanoTime()}. */
  String text(Optional<ExecutorMemory> own, long now) {
    Exposition exposition = new Exposition();
    TrainingMetrics.write(exposition);
    received.values().removeIf(value -> now - value.nanos() > STALE_NANOS);
    received.forEach((key, value) -> ExecutorMemory.write(key, value.value(), exposition));
    own.ifPresent(
        memory ->
            memory.read().forEach((key, value) -> ExecutorMemory.write(key, value, exposition)));
    return exposition.text();
  }

  /** Receives an executor's metrics: nothing that is older than half a minute is shown. */
  @Override
  public Object receive(Object message) {
    if (message instanceof Map<?, ?> values) {
      long now = System.nanoTime();
      MonitoringPlugin.tryTo(
          () ->
              values.forEach(
                  (key, value) -> received.put((List<?>) key, new Received((Double) value, now))));
    }
    return null;
  }

  /** Spark has let go of the executors by now: whoever waits here holds nothing of a cluster. */
  @Override
  public void shutdown() {
    if (endpoint != null) {
      awaitLastScrape();
      endpoint.close();
    }
  }

  private void awaitLastScrape() {
    TrainingMetrics.lastFinished()
        .ifPresent(
            finished -> {
              Duration longest = scrapes.longest(finished);
              if (longest.compareTo(Duration.ofSeconds(1)) > 0) {
                LOG.info(
                    "the results stay at {} until Prometheus has read them, for {} seconds at most",
                    url(),
                    longest.toSeconds());
              }
              scrapes.await(finished, () -> ShutdownHookManager.get().isShutdownInProgress());
            });
  }
}
