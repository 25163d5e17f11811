package io.involution.monitoring;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.PluginContext;

/**
 * The plugin on the driver: how training goes, and what the executors send of themselves. Spark's
 * Prometheus servlet shows the driver's registry only.
 */
final class DriverMonitor implements DriverPlugin {
  private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Map<String, Received> received = new ConcurrentHashMap<>();
  private MetricRegistry registry;

  @Override
  public Map<String, String> init(SparkContext spark, PluginContext context) {
    registry = context.metricRegistry();
    MonitoringPlugin.tryTo(
        () -> {
          TrainingMetrics.register(registry);
          if (spark.isLocal()) {
            // The executor is this JVM, and its registry would have to do without a name.
            WorkerMetrics.here().register(registry);
            GpuMemory.register(registry, context.resources());
          }
        });
    return Map.of();
  }

  /** Takes an executor's metrics, of which it tells by their whole names. */
  @Override
  public Object receive(Object message) {
    if (message instanceof Map<?, ?> metrics) {
      MonitoringPlugin.tryTo(
          () -> metrics.forEach((name, value) -> keep((String) name, (Double) value)));
    }
    return null;
  }

  private void keep(String name, Double value) {
    if (received.put(name, new Received(value, System.nanoTime())) == null) {
      registry.register(name, (Gauge<Double>) () -> received.get(name).shown(System.nanoTime()));
    }
  }

  /**
   * What an executor has sent.
   *
   * @param value the metric
   * @param nanos when it came, by {@link System#nanoTime()}
   */
  record Received(double value, long nanos) {
    /** The metric; NaN where it is so old that its executor must be gone. */
    double shown(long now) {
      return now - nanos > STALE_NANOS ? Double.NaN : value;
    }
  }
}
