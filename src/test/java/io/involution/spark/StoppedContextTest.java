package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Which failures of the start mean that Spark has given up its master. */
class StoppedContextTest {
  private static <T extends Throwable> T thrownBy(T failure, String... classes) {
    failure.setStackTrace(
        Arrays.stream(classes)
            .map(name -> new StackTraceElement(name, "run", "Some.java", 1))
            .toArray(StackTraceElement[]::new));
    return failure;
  }

  @Test
  void onlySparksOwnFaultsAreOnes() {
    String context = "org.apache.spark.SparkContext";

    assertThat(ClusterSession.isOfStoppedContext(thrownBy(new NullPointerException(), context)))
        .isTrue();
    assertThat(
            ClusterSession.isOfStoppedContext(
                thrownBy(new IllegalStateException("stopped"), "scala.Option", context)))
        .isTrue();
    assertThat(
            ClusterSession.isOfStoppedContext(
                thrownBy(
                    new NullPointerException(), "io.involution.monitoring.DriverMonitor", context)))
        .isFalse();
    assertThat(
            ClusterSession.isOfStoppedContext(
                thrownBy(new UnsupportedOperationException(), context)))
        .isFalse();
  }
}
