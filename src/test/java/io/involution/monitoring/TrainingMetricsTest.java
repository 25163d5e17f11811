package io.involution.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.value.EpochCount;
import io.involution.metrics.ModelResult;
import io.involution.metrics.ModelResult.ParameterCounts;
import io.involution.train.RoundFixture;
import io.involution.train.time.Course;
import io.involution.train.time.EpochPlan;
import io.involution.train.time.Position;
import io.involution.train.time.Round;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrainingMetricsTest {
  private final EpochPlan plan = new EpochPlan(80, 2, 5, 3);

  @BeforeEach
  void afresh() {
    TrainingMetrics.forget();
  }

  private TrainingMetrics begin(String network, Position from) {
    return begin(network, EpochCount.of(4), from);
  }

  private TrainingMetrics begin(String network, EpochCount epochs, Position from) {
    return TrainingMetrics.begin(
        new TrainingMetrics.Subject("runs/a\"b\\", network), new Course(plan, epochs), 3, from);
  }

  /** The lines that are no comments, without the labels that all of them have. */
  private static List<String> values() {
    Exposition exposition = new Exposition();
    TrainingMetrics.write(exposition);
    return exposition
        .text()
        .lines()
        .filter(line -> !line.startsWith("#") && !line.contains("_timestamp_"))
        .map(
            line -> line.replace("involution_", "").replace("run=\"runs/a\\\"b\\\\\",network=", ""))
        .toList();
  }

  private static List<String> without(String... parts) {
    return values().stream()
        .filter(line -> List.of(parts).stream().noneMatch(line::contains))
        .toList();
  }

  @Test
  void nothingIsShownOfWhatIsNotKnown() {
    assertThat(values()).isEmpty();

    begin("skew", Position.START);

    assertThat(values())
        .containsExactly(
            "epochs_done{\"skew\"} 0.0",
            "epochs_planned{\"skew\"} 4.0",
            "rounds_done{\"skew\"} 0.0",
            "rounds_planned{\"skew\"} 12.0",
            "run_attempt{\"skew\"} 3.0",
            "rounds_total{\"skew\"} 0.0",
            "examples_total{\"skew\"} 0.0",
            "task_retries_total{\"skew\"} 0.0");
  }

  @Test
  void roundsAddUpAndTheLastOnesAreShown() {
    TrainingMetrics training = begin("n", new Position(1, 1));
    assertThat(values()).contains("epochs_done{\"n\"} 1.0", "rounds_done{\"n\"} 4.0");

    training.roundEnded(new Round(2, 2, 3, 6, 8), RoundFixture.outcome(15, 15));
    training.roundEnded(new Round(2, 3, 6, 8, 8), RoundFixture.outcome(30, 10));
    assertThat(values()).contains("epochs_done{\"n\"} 1.0", "rounds_done{\"n\"} 6.0");
    training.epochEnded(RoundFixture.epoch(2, 7, Optional.of(6)));

    assertThat(without("planned", "attempt", "worker=\"0\""))
        .containsExactly(
            "epochs_done{\"n\"} 2.0",
            "rounds_done{\"n\"} 6.0",
            "train_loss{\"n\"} 1.5",
            "train_accuracy_ratio{\"n\"} 0.6",
            "validation_loss{\"n\"} 1.0",
            "validation_accuracy_ratio{\"n\"} 0.6",
            "test_loss{\"n\"} 1.0",
            "test_accuracy_ratio{\"n\"} 0.7",
            "round_loss{\"n\"} 2.0",
            "round_accuracy_ratio{\"n\"} 0.5",
            "round_skew_ratio{\"n\"} 1.0",
            "rounds_total{\"n\"} 2.0",
            "examples_total{\"n\"} 70.0",
            // Two rounds, each with 8 seconds of tasks, of which a worker took 5.75.
            "round_phase_seconds_total{\"n\",phase=\"average\"} 2.0",
            "round_phase_seconds_total{\"n\",phase=\"broadcast\"} 2.0",
            "round_phase_seconds_total{\"n\",phase=\"collect\"} 4.5",
            "round_phase_seconds_total{\"n\",phase=\"workers\"} 11.5",
            "evaluation_seconds_total{\"n\"} 5.0",
            // The fixture's worker 1 is always at its second attempt.
            "task_retries_total{\"n\"} 2.0",
            "worker_examples_total{\"n\",worker=\"1\"} 25.0",
            "worker_phase_seconds_total{\"n\",worker=\"1\",phase=\"extract\"} 2.0",
            "worker_phase_seconds_total{\"n\",worker=\"1\",phase=\"load\"} 1.0",
            "worker_phase_seconds_total{\"n\",worker=\"1\",phase=\"receive\"} 0.5",
            "worker_phase_seconds_total{\"n\",worker=\"1\",phase=\"steps\"} 8.0",
            "worker_round_loss{\"n\",worker=\"1\"} 2.0");
  }

  @Test
  void aTrainerWithoutRoundsShowsItsEpochs() {
    TrainingMetrics training = begin("n", Position.START);
    training.workersUnknown(1, List.of(40, 40));
    training.epochEnded(RoundFixture.epoch(1, 7, Optional.empty()));

    assertThat(values())
        .contains("rounds_done{\"n\"} 3.0", "examples_total{\"n\"} 80.0", "rounds_total{\"n\"} 0.0")
        .noneMatch(line -> line.startsWith("round_") || line.startsWith("validation"));
  }

  /** The dashboard divides the one by the other. */
  @Test
  void noMoreIsDoneOfACutEpochThanWasPlanned() {
    EpochCount epochs = EpochCount.parse("3.5");
    begin("n", epochs, Position.START).epochEnded(RoundFixture.epoch(4, 7, Optional.empty()));
    begin("resumed", epochs, new Position(4, 0));

    assertThat(values())
        .contains(
            "epochs_done{\"n\"} 3.5",
            "epochs_planned{\"n\"} 3.5",
            "epochs_done{\"resumed\"} 3.5",
            "epochs_planned{\"resumed\"} 3.5");
  }

  @Test
  void theResultsAreThoseOfTheRunEvenIfAnEarlierAttemptHasThem() {
    TrainingMetrics training = begin("n", new Position(4, 0));
    assertThat(TrainingMetrics.lastFinished()).isEmpty();
    long before = System.nanoTime();

    training.finished(
        new ModelResult(
            0.75,
            0.5,
            null,
            0.25,
            new ParameterCounts(1, 1),
            "",
            1.0,
            1.0,
            4,
            null,
            null,
            null,
            "epochs",
            null,
            null,
            null,
            null));

    assertThat(values())
        .contains(
            "test_accuracy_ratio{\"n\"} 0.75", "test_loss{\"n\"} 0.5", "train_loss{\"n\"} 0.25")
        .noneMatch(line -> line.startsWith("train_accuracy"));
    assertThat(TrainingMetrics.lastFinished().orElseThrow() - before).isNotNegative();
  }

  @Test
  void aTrainingThatBeginsAgainTakesItsOwnPlaceOnly() {
    begin("n", Position.START).epochEnded(RoundFixture.epoch(1, 7, Optional.empty()));
    begin("other", Position.START);
    begin("n", Position.START);

    assertThat(values())
        .contains("epochs_done{\"n\"} 0.0", "epochs_done{\"other\"} 0.0")
        .noneMatch(line -> line.startsWith("test_"));
  }
}
