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
 * The plugin on the driver: publishes the progress of training and the metrics that the executors
 * send. Spark's Prometheus servlet shows only the driver's registry.
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
            // The executor is this JVM, and its own registry would lack an executor ID.
            WorkerMetrics.here().register(registry);
            GpuMemory.register(registry, context.resources());
          }
        });
    return Map.of();
  }

  /** Receives an executor's metrics, by full name. */
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
   * A metric that an executor sent.
   *
   * @param value the metric
   * @param nanos when it arrived, by {@link System#nanoTime()}
   */
  record Received(double value, long nanos) {
    /** The metric; NaN if it is so old that its executor must be gone. */
    double shown(long now) {
      return now - nanos > STALE_NANOS ? Double.NaN : value;
    }
  }
}
