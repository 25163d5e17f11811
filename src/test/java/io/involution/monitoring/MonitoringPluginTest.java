package io.involution.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

class MonitoringPluginTest {
  private static final String NAME = "io.involution.monitoring.MonitoringPlugin";

  private static String added(String plugins) {
    SparkConf conf = new SparkConf(false).set("spark.plugins", plugins);
    MonitoringPlugin.addTo(conf);
    return conf.get("spark.plugins");
  }

  @Test
  void addsItselfOnceAndKeepsTheUsersPlugins() {
    SparkConf none = new SparkConf(false);
    MonitoringPlugin.addTo(none);

    assertThat(none.get("spark.plugins")).isEqualTo(NAME);
    assertThat(added("")).isEqualTo(NAME);
    assertThat(added("a.B, c.D")).isEqualTo("a.B,c.D," + NAME);
    assertThat(added(NAME + ",a.B")).isEqualTo("a.B," + NAME);
  }

  @Test
  void whatFailsEndsNothing() {
    MetricRegistry taken = new MetricRegistry();
    taken.counter("worker.rounds");
    FakeContext context = new FakeContext("1", taken, Map.of());

    assertThatNoException()
        .isThrownBy(() -> new MonitoringPlugin().executorPlugin().init(context, Map.of()));
    assertThatNoException()
        .isThrownBy(
            () ->
                MonitoringPlugin.tryTo(
                    () -> {
                      throw new NoClassDefFoundError("nvml");
                    }));
  }

  @Test
  void anExecutorShowsItsWorkersAndItsGpusOnly() {
    FakeContext plain = FakeContext.of("1");
    Map<String, ResourceInformation> gpus =
        Map.of("gpu", new ResourceInformation("gpu", new String[] {"0", "3"}));
    FakeContext withGpus = new FakeContext("2", new MetricRegistry(), gpus);

    new ExecutorMonitor().init(plain, Map.of());
    new ExecutorMonitor().init(withGpus, Map.of());

    assertThat(plain.metricRegistry().getNames())
        .hasSize(11)
        .allMatch(name -> name.startsWith("worker."));
    assertThat(withGpus.metricRegistry().getNames())
        .filteredOn(name -> !name.startsWith("worker."))
        .containsExactly(
            "gpu.0.memory_total_bytes",
            "gpu.0.memory_used_bytes",
            "gpu.3.memory_total_bytes",
            "gpu.3.memory_used_bytes");
  }

  @Test
  void anExecutorInsideTheDriverLeavesItToTheDriver() {
    FakeContext local = FakeContext.of("driver");

    new ExecutorMonitor().init(local, Map.of());

    assertThat(local.metricRegistry().getNames()).isEmpty();
  }

  @Test
  void executorsSendOnlyWhereFiguresAreShown() {
    assertThat(ExecutorMonitor.showsMetrics(new SparkConf(false).set("spark.ui.enabled", "true")))
        .isFalse();
    for (String key :
        new String[] {"spark.ui.prometheus.enabled", "spark.metrics.conf.*.sink.csv.class"}) {
      assertThat(ExecutorMonitor.showsMetrics(new SparkConf(false).set(key, "true"))).isTrue();
    }
  }
}
