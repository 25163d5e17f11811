package io.involution.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.value.EpochCount;
import io.involution.train.EpochOutcome;
import io.involution.train.EpochSums;
import io.involution.train.RoundFixture;
import io.involution.train.TrainingPoint;
import io.involution.train.time.Course;
import io.involution.train.time.EpochPlan;
import io.involution.train.time.Position;
import io.involution.train.time.Round;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressTest {
  /** 200 examples in 2 rounds of 10 seconds an epoch: 10 examples/s. */
  private static final EpochPlan PLAN = new EpochPlan(200, 1, 25, 4);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Progress progress(boolean terminal) {
    return progress("3", terminal);
  }

  private Progress progress(String epochs, boolean terminal) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Course course = new Course(PLAN, EpochCount.parse(epochs));
    return new Progress("convolution", course, out, terminal);
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static void round(Progress progress, int epoch, int index) {
    Round round = PLAN.rounds(epoch).get(index - 1);
    progress.roundEnded(round, RoundFixture.outcome(100));
    reached(progress, epoch, index);
  }

  private static void reached(Progress progress, int epoch, int index) {
    progress.reached(
        new TrainingPoint(
            new Position(epoch - 1, index), EpochSums.NONE, RoundFixture.state(1, 1)));
  }

  @Test
  void ofRoundsThatWereTakenAtOnceTheLastIsShown() {
    Progress progress = progress(false);
    progress.roundEnded(PLAN.rounds(1).get(0), RoundFixture.outcome(100));
    progress.roundEnded(PLAN.rounds(1).get(1), RoundFixture.outcome(100));
    reached(progress, 1, 2);

    assertThat(text().lines()).singleElement().asString().contains("round   2/2");
  }

  /** 8 steps in rounds of 4 are an epoch; half of the third is one round. */
  @Test
  void anEpochThatIsCutShortIsNamedByWhereItEnds() {
    for (int epoch : new int[] {1, 3}) {
      Progress progress = progress("2.5", true);
      round(progress, epoch, 1);
      progress.epochEnded(RoundFixture.epoch(epoch, 7, Optional.empty()));
    }

    assertThat(text())
        .contains("epoch  1/2.5  round   1/2", "epoch  1/2.5  train")
        .contains("epoch 2.5/2.5  round   1/1", "epoch 2.5/2.5  train");
  }

  /** 0.9 epochs of 8 steps are 7.2, rounded up to all of them. */
  @Test
  void soIsOneThatTakesAllItsStepsAllTheSame() {
    Progress progress = progress("2.9", true);
    round(progress, 3, 1);
    progress.epochEnded(RoundFixture.epoch(3, 7, Optional.empty()));

    assertThat(text()).contains("epoch 2.9/2.9  round   1/2", "epoch 2.9/2.9  train");
  }

  @Test
  void aDurationThatIsRoundedToAMinuteIsOne() {
    assertThat(Durations.words(59.94)).isEqualTo("59.9 s");
    assertThat(Durations.words(59.97)).isEqualTo("1 min 00 s");
  }

  @Test
  void plainLinesAreOneForTheStartAndOneAnEpoch() {
    Progress progress = progress(false);
    round(progress, 1, 1);
    round(progress, 1, 2);
    progress.epochEnded(RoundFixture.epoch(1, 7, Optional.empty()));
    round(progress, 2, 1);
    progress.epochEnded(RoundFixture.epoch(2, 8, Optional.of(6)));

    // 100 of 600 examples are done and no evaluation is known: 50 s.
    assertThat(text().lines())
        .containsExactly(
            "convolution  epoch  1/3  round   1/2  loss 2.0000  accuracy 0.5000  10 examples/s  ETA"
                + " 0:50",
            "convolution  epoch  1/3  train loss 1.5000 accuracy 0.6000  test loss 1.0000 accuracy"
                + " 0.7000  10 examples/s  0:25",
            "convolution  epoch  2/3  train loss 1.5000 accuracy 0.6000  validation accuracy 0.6000"
                + "  test loss 1.0000 accuracy 0.8000  10 examples/s  0:25");
    assertThat(text()).doesNotContain("\r");
  }

  @Test
  void terminalLineRenewsItselfAndIsBlankedByAShorterOne() {
    Progress progress = progress(true);
    round(progress, 1, 1);
    progress.epochEnded(
        new EpochOutcome(
            1,
            Optional.empty(),
            200,
            Optional.of(RoundFixture.evaluation(7)),
            Optional.empty(),
            RoundFixture.state(1, 1),
            20,
            5));

    String live =
        "convolution  epoch  1/3  round   1/2  loss 2.0000  accuracy 0.5000  10 examples/s  ETA"
            + " 0:50";
    String last = "convolution  epoch  1/3  test loss 1.0000 accuracy 0.7000  10 examples/s  0:25";
    String blank = " ".repeat(live.length() - last.length());
    assertThat(text()).isEqualTo("\r" + live + "\r" + last + blank + System.lineSeparator());
  }

  /** dl4j-spark's trainer tells of epochs alone. */
  @Test
  void withoutRoundsTheRateIsThatOfTheEpochs() {
    Progress progress = progress(false);
    for (double seconds : List.of(20.0, 5.0)) {
      progress.epochEnded(
          new EpochOutcome(
              1,
              Optional.empty(),
              200,
              Optional.of(RoundFixture.evaluation(7)),
              Optional.empty(),
              RoundFixture.state(1, 1),
              seconds,
              0));
    }

    // 200 examples in 20 s; 400 in 25 s.
    assertThat(text().lines().toList().get(0)).contains("  10 examples/s  ");
    assertThat(text().lines().toList().get(1)).contains("  16 examples/s  ");
  }

  @Test
  void remainingTimeCountsTheEvaluationsToCome() {
    Progress first = progress(false);
    first.epochEnded(RoundFixture.epoch(1, 7, Optional.empty()));
    bytes.reset();
    round(first, 2, 1);

    // Known: 100 + 100 examples in 20 + 10 s. 300 of 600 are left: 45 s, and 2 evaluations of 5 s.
    assertThat(text()).contains("epoch  2/3  round   1/2", "7 examples/s", "ETA 0:55");
  }

  @Test
  void nothingRemainsAfterTheLastStepOfACutEpoch() {
    // 0.4 epochs of 8 steps are 3.2, rounded up to the 4 of this round.
    round(progress("2.4", false), 3, 1);

    assertThat(text()).contains("ETA 0:00");
  }
}
