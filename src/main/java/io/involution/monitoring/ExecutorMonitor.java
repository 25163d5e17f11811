package io.involution.monitoring;

import com.codahale.metrics.MetricRegistry;
import io.involution.compute.DaemonThreads;
import io.involution.compute.NativeFolders;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugin on an executor: publishes its workers' progress and memory. If the application has a
 * metrics sink, the driver also receives these metrics every few seconds.
 */
final class ExecutorMonitor implements ExecutorPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorMonitor.class);
  private static final long SEND_SECONDS = 5;

  /** Spark's ID of an executor that runs in the driver's JVM. */
  private static final String DRIVER = "driver";

  private PluginContext context;
  private ScheduledExecutorService sender;

  @Override
  public void init(PluginContext given, Map<String, String> extra) {
    context = given;
    NativeFolders.prepare();
    if (!context.executorID().equals(DRIVER)) {
      MonitoringPlugin.tryTo(this::begin);
    }
  }

  private void begin() {
    MetricRegistry registry = context.metricRegistry();
    WorkerMetrics.here().register(registry);
    GpuMemory.register(registry, context.resources());
    if (showsMetrics(context.conf())) {
      sender = Executors.newSingleThreadScheduledExecutor(new DaemonThreads("metrics-to-driver"));
      var unused =
          sender.scheduleWithFixedDelay(this::send, SEND_SECONDS, SEND_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Whether the driver has metrics sinks beyond Spark's default. */
  static boolean showsMetrics(SparkConf conf) {
    return conf.getBoolean("spark.ui.prometheus.enabled", false)
        || conf.getAllWithPrefix("spark.metrics.conf").length > 0;
  }

  private void send() {
    try {
      // A JDK map: the driver needs none of our classes to read it.
      HashMap<String, Double> metrics = new HashMap<>();
      String prefix = "executor." + context.executorID() + ".";
      context
          .metricRegistry()
          .getGauges()
          .forEach((name, gauge) -> metrics.put(prefix + name, (Double) gauge.getValue()));
      context.send(metrics);
    } catch (IOException | RuntimeException e) {
      LOG.debug("the driver was not sent this executor's metrics", e);
    }
  }

  @Override
  public void shutdown() {
    if (sender != null) {
      sender.shutdownNow();
    }
  }
}
