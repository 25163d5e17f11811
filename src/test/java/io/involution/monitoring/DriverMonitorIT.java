package io.involution.monitoring;

import static io.involution.monitoring.FakeContext.read;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.involution.spark.LocalSpark;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.Test;

class DriverMonitorIT {
  @Test
  void showsWhatExecutorsSendUnderTheirNames() {
    SparkConf conf = LocalSpark.conf("figures", 1);
    SparkContext spark = new SparkContext(conf);
    try {
      FakeContext context = FakeContext.of("driver");
      DriverMonitor monitor = new DriverMonitor();
      assertThat(monitor.init(spark, context)).isEmpty();
      // As Spark's own registry holds it: figures that come later have to show there.
      MetricRegistry shown = new MetricRegistry();
      shown.register("plugin", context.metricRegistry());
      assertThat(shown.getNames())
          .contains("plugin.convolution.skew", "plugin.involution.skew", "plugin.worker.rounds");

      assertThat(monitor.receive(Map.of("executor.7.worker.rounds", 3.0))).isNull();
      monitor.receive(Map.of("executor.7.worker.rounds", 4.0, "executor.8.worker.rounds", 2.0));

      assertThat(read(shown, "plugin.executor.7.worker.rounds")).isEqualTo(4);
      assertThat(read(shown, "plugin.executor.8.worker.rounds")).isEqualTo(2);
    } finally {
      spark.stop();
    }
  }

  @Test
  void whatAnExecutorSaidLongAgoIsNotShownAsItsFigure() {
    DriverMonitor.Received figure = new DriverMonitor.Received(3, 0);
    assertThat(figure.shown(TimeUnit.SECONDS.toNanos(29))).isEqualTo(3);
    assertThat(figure.shown(TimeUnit.SECONDS.toNanos(31))).isNaN();
  }
}
