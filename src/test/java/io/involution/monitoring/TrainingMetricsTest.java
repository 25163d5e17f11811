package io.involution.monitoring;

import static io.involution.monitoring.FakeContext.read;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.involution.train.EpochPlan;
import io.involution.train.Round;
import io.involution.train.RoundFixture;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingMetricsTest {
  private final MetricRegistry registry = new MetricRegistry();
  private final EpochPlan plan = new EpochPlan(80, 2, 5, 3);

  @Test
  void theLastRoundAndTheLastEpochShowUnderTheNetworksName() {
    TrainingMetrics.register(registry);
    TrainingMetrics training = TrainingMetrics.begin("involution", plan, 4, 3);

    assertThat(read(registry, "involution.rounds_total")).isEqualTo(12);
    assertThat(read(registry, "involution.restarts")).isEqualTo(2);
    assertThat(read(registry, "involution.round_loss")).isNaN();
    assertThat(read(registry, "involution.test_loss")).isNaN();

    training.roundEnded(
        new Round(1, 1, 0, 3, 8), RoundFixture.outcome(RoundFixture.state(3, 1), 15, 15));
    training.roundEnded(
        new Round(2, 2, 3, 6, 8), RoundFixture.outcome(RoundFixture.state(6, 1), 30, 10));
    training.epochEnded(RoundFixture.epoch(2, 7, Optional.of(6)));

    Map<String, Double> expected =
        Map.ofEntries(
            Map.entry("epoch", 2.0),
            Map.entry("round", 2.0),
            Map.entry("rounds_done", 5.0),
            Map.entry("epochs_done", 2.0),
            Map.entry("examples", 70.0),
            // The fixture's worker 1 is always at its second attempt.
            Map.entry("retried_tasks", 2.0),
            Map.entry("round_loss", 2.0),
            Map.entry("round_accuracy", 0.5),
            Map.entry("examples_per_second", 4.0),
            Map.entry("round_seconds", 10.0),
            Map.entry("broadcast_seconds", 1.0),
            // 8 seconds of tasks, of which a worker took 5.75.
            Map.entry("collect_seconds", 2.25),
            Map.entry("average_seconds", 1.0),
            Map.entry("skew", 1.0),
            Map.entry("slowest_worker", 0.0),
            Map.entry("train_loss", 1.5),
            Map.entry("train_accuracy", 0.6),
            Map.entry("test_loss", 1.0),
            Map.entry("test_accuracy", 0.7),
            Map.entry("validation_accuracy", 0.6),
            Map.entry("epoch_seconds", 25.0));
    expected.forEach(
        (name, value) ->
            assertThat(read(registry, "involution." + name)).as(name).isEqualTo(value));
  }

  @Test
  void aTrainingThatBeginsTakesItsNetworksPlace() {
    TrainingMetrics.register(registry);
    TrainingMetrics before = TrainingMetrics.begin("convolution", plan, 1, 1);
    before.epochEnded(RoundFixture.epoch(1, 7, Optional.empty()));
    assertThat(read(registry, "convolution.test_accuracy")).isEqualTo(0.7);
    assertThat(read(registry, "convolution.validation_loss")).isNaN();

    TrainingMetrics.begin("convolution", plan, 1, 1);

    assertThat(read(registry, "convolution.test_accuracy")).isNaN();
  }
}
