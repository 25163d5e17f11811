package io.involution.monitoring;

import io.involution.failure.InputException;
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
 * A Spark plugin that publishes the job's metrics for Prometheus, if the setting {@link
 * MetricsAddress#SETTING} says where. Failures here never end a run.
 */
public final class MonitoringPlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(MonitoringPlugin.class);
  private static final String PLUGINS = "spark.plugins";

  /**
   * Adds the plugin to those that the user configured.
   *
   * @throws InputException when the setting names no address
   */
  public static void addTo(SparkConf conf) {
    // Refused now: what goes wrong in a plugin ends nothing.
    MetricsAddress.of(conf);
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

  /** Runs something optional and ignores failures, since Spark would end the application. */
  static void tryTo(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("some of the job's metrics are not published", e);
    }
  }
}
