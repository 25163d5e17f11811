package io.involution.monitoring;

import static io.involution.monitoring.FakeContext.read;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.involution.train.RoundFixture;
import org.junit.jupiter.api.Test;

class WorkerMetricsTest {
  private final MetricRegistry registry = new MetricRegistry();

  @Test
  void rowsAddUpAndTheLastRoundShows() {
    WorkerMetrics figures = new WorkerMetrics();
    figures.register(registry);

    assertThat(read(registry, "worker.rounds")).isZero();
    assertThat(read(registry, "worker.round_loss")).isNaN();
    assertThat(read(registry, "worker.process_bytes")).as("before the natives").isZero();

    figures.roundEnded(RoundFixture.report(0, 46), 8);
    figures.roundEnded(RoundFixture.report(1, 23), 5);

    assertThat(read(registry, "worker.rounds")).isEqualTo(2);
    assertThat(read(registry, "worker.local_steps")).isEqualTo(13);
    assertThat(read(registry, "worker.examples")).isEqualTo(69);
    assertThat(read(registry, "worker.receive_seconds")).isEqualTo(0.5);
    assertThat(read(registry, "worker.load_seconds")).isEqualTo(1);
    assertThat(read(registry, "worker.step_seconds")).isEqualTo(8);
    assertThat(read(registry, "worker.extract_seconds")).isEqualTo(2);
    assertThat(read(registry, "worker.round_loss")).isEqualTo(2);
    // A round of 5.75 seconds.
    assertThat(read(registry, "worker.examples_per_second")).isEqualTo(4);
    assertThat(read(registry, "worker.process_bytes")).isGreaterThan(1 << 20);
    assertThat(read(registry, "worker.off_heap_bytes")).isNotNegative();
  }
}
