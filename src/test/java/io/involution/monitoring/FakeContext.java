package io.involution.monitoring;

import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;

/** What Spark gives a plugin. */
record FakeContext(SparkConf conf, String executorID, Map<String, ResourceInformation> resources)
    implements PluginContext {

  @Override
  public MetricRegistry metricRegistry() {
    throw new UnsupportedOperationException("the monitors do not ask for it");
  }

  @Override
  public String hostname() {
    return "here";
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
