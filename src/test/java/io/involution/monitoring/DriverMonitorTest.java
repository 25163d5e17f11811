package io.involution.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class DriverMonitorTest {
  private static FakeContext context(String address) {
    SparkConf conf =
        new SparkConf(false).set("spark.master", "local").set(MetricsAddress.SETTING, address);
    return new FakeContext(conf, "driver", Map.of());
  }

  private static String text(DriverMonitor monitor, long later) {
    return monitor.text(Optional.empty(), System.nanoTime() + later);
  }

  @Test
  void showsWhatExecutorsSendForHalfAMinute() {
    TrainingMetrics.forget();
    DriverMonitor monitor = new DriverMonitor();
    List<String> key = List.of("EXECUTOR_OFF_HEAP_BYTES", "executor", "7", "host", "h");

    assertThat(monitor.receive(Map.of(key, 3.0))).isNull();
    monitor.receive(Map.of(key, 4.0));
    monitor.receive("something else");

    assertThat(text(monitor, 0))
        .isEqualTo(
            "# HELP involution_executor_off_heap_bytes Memory that JavaCPP and ND4J have allocated"
                + " off the heap.\n"
                + "# TYPE involution_executor_off_heap_bytes gauge\n"
                + "involution_executor_off_heap_bytes{executor=\"7\",host=\"h\"} 4.0\n");
    assertThat(text(monitor, TimeUnit.SECONDS.toNanos(29))).isNotEmpty();
    assertThat(text(monitor, TimeUnit.SECONDS.toNanos(31))).isEmpty();
  }

  @Test
  void whatAnExecutorSendsIsWhatTheDriverReads() {
    ExecutorMemory.started();
    DriverMonitor monitor = new DriverMonitor();
    monitor.receive(ExecutorMemory.of(context("0"), "here").read());

    assertThat(text(monitor, 0))
        .containsPattern(
            "involution_executor_resident_memory_bytes\\{executor=\"driver\",host=\"here\"\\} \\d");
  }

  @Test
  void aPortThatIsTakenEndsNothing() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      DriverMonitor monitor = new DriverMonitor();
      monitor.begin(context(String.valueOf(taken.getLocalPort())), true);
      monitor.shutdown();
    }
    DriverMonitor nowhere = new DriverMonitor();
    nowhere.begin(context("no-such-host.invalid:0"), true);
    nowhere.shutdown();
  }
}
