package io.involution.monitoring;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spark's own way to the job's metrics: the driver's and the executors' go into Spark's metrics
 * system, whose sinks show them. Nothing that goes wrong here ends a run.
 */
public final class MonitoringPlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(MonitoringPlugin.class);
  private static final String PLUGINS = "spark.plugins";

  /** Adds the plugin to those that the user has named. */
  public static void addTo(SparkConf conf) {
    String name = MonitoringPlugin.class.getName();
    List<String> others =
        Arrays.stream(conf.get(PLUGINS, "").split(","))
            .map(String::strip)
            .filter(other -> !other.isEmpty() && !other.equals(name))
            .toList();
    conf.set(
        PLUGINS, Stream.concat(others.stream(), Stream.of(name)).collect(Collectors.joining(",")));
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverMonitor();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorMonitor();
  }

  /** Does what a run can do without: Spark would end the application when it fails. */
  static void tryTo(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("some of the job's metrics are not in Spark's metrics system", e);
    }
  }
}
