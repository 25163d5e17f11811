package io.involution.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.Map;
import org.apache.spark.SparkConf;
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
    SparkConf wrong = new SparkConf(false).set(MetricsAddress.SETTING, "none");
    FakeContext context = new FakeContext(wrong, "1", Map.of());

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
}
