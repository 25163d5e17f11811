package io.involution.monitoring;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;

/** What Spark gives a plugin. */
record FakeContext(
    String executorID, MetricRegistry metricRegistry, Map<String, ResourceInformation> resources)
    implements PluginContext {

  static FakeContext of(String executor) {
    return new FakeContext(executor, new MetricRegistry(), Map.of());
  }

  /** The figure of this name that a sink would read. */
  static double read(MetricRegistry registry, String name) {
    Gauge<?> gauge = registry.getGauges().get(name);
    if (gauge == null) {
      throw new AssertionError(name + " is none of " + registry.getNames());
    }
    return (Double) gauge.getValue();
  }

  @Override
  public SparkConf conf() {
    return new SparkConf(false);
  }

  @Override
  public String hostname() {
    return "localhost";
  }

  @Override
  public void send(Object message) {
    throw new UnsupportedOperationException("the monitors do not ask for it");
  }

  @Override
  public Object ask(Object message) {
    throw new UnsupportedOperationException("the monitors do not ask for it");
  }
}
