package io.involution.train.average;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.failure.RunFailedException;
import io.involution.model.state.ModelState;
import io.involution.train.DivergenceException;
import io.involution.train.RoundFixture;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerSeconds;
import io.involution.train.WorkerUpdate;
import io.involution.train.time.Round;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpdateCheckTest {
  private static final ModelState START = ModelState.of(16, new float[3], new float[6]);
  private static final UpdateCheck CHECK =
      new UpdateCheck("involution", new Round(2, 3, 16, 24, 40), START);

  private static WorkerUpdate update(int worker, ModelState state) {
    return new WorkerUpdate(RoundFixture.report(worker, 4), state);
  }

  private static WorkerUpdate sound(int worker) {
    return update(worker, ModelState.of(24, new float[3], new float[6]));
  }

  private static void assertRefused(
      Class<? extends RunFailedException> type, WorkerUpdate second, String... parts) {
    assertThat(CHECK.fault(1, second).orElseThrow().exception())
        .isExactlyInstanceOf(type)
        .message()
        .contains("worker 1", "involution", "epoch 2, round 3")
        .contains(parts)
        .doesNotContain("\n");
  }

  @Test
  void soundUpdatesPass() {
    assertThat(CHECK.fault(0, sound(0))).isEmpty();
    assertThat(CHECK.fault(1, sound(1))).isEmpty();
  }

  @Test
  void updateThatIsNotFiniteIsRefused() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertRefused(
          DivergenceException.class,
          update(1, ModelState.of(24, new float[] {0, 0, bad}, new float[6])),
          "the update of worker 1");
      assertRefused(
          DivergenceException.class,
          update(1, ModelState.of(24, new float[3], new float[] {0, 0, 0, 0, 0, bad})),
          "the update of worker 1");
    }
  }

  @Test
  void lossThatIsNotFiniteIsRefused() {
    WorkerReport report = RoundFixture.report(1, 4);
    for (double loss : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertRefused(
          DivergenceException.class,
          new WorkerUpdate(
              new WorkerReport(1, 4, loss, 0, report.seconds(), report.place()), sound(1).state()),
          "the loss of worker 1",
          "--learning-rate");
    }
  }

  @Test
  void ofRoundsTakenAtOnceTheFirstThatDivergedIsNamed() {
    List<Round> rounds = List.of(new Round(2, 3, 16, 20, 40), new Round(2, 4, 20, 24, 40));
    UpdateCheck check = new UpdateCheck("involution", rounds, START);
    WorkerReport fine = RoundFixture.report(1, 4);
    WorkerReport lost =
        new WorkerReport(1, 4, Double.NaN, 0, new WorkerSeconds(0, 0, 1, 0), fine.place());
    ModelState end = sound(1).state();

    assertThat(check.fault(1, new WorkerUpdate(List.of(fine, fine), end))).isEmpty();
    assertThat(check.fault(1, new WorkerUpdate(List.of(fine, lost), end)).orElseThrow().message())
        .contains("the loss of worker 1", "epoch 2, round 4");
    assertThat(check.fault(1, new WorkerUpdate(List.of(lost, lost), end)).orElseThrow().message())
        .contains("the loss of worker 1", "epoch 2, round 3");
    assertThat(check.fault(1, new WorkerUpdate(fine, end)).orElseThrow().exception())
        .isExactlyInstanceOf(RunFailedException.class);
  }

  @Test
  void updateOfAnotherSizeIsRefused() {
    for (int length : new int[] {0, 2, 4}) {
      assertRefused(
          RunFailedException.class,
          update(1, ModelState.of(24, new float[length], new float[6])),
          "has " + length + " entries in parameters, not 3");
    }
    assertRefused(
        RunFailedException.class,
        update(1, ModelState.of(24, new float[3], new float[5])),
        "5 entries in updater, not 6");
    assertRefused(
        RunFailedException.class,
        update(1, sound(1).state().with("surprise", new float[1])),
        "surprise");
  }

  @Test
  void updateOfAnotherStepOrWorkerIsRefused() {
    assertRefused(
        RunFailedException.class,
        update(1, ModelState.of(16, new float[3], new float[6])),
        "step 16",
        "step 24");
    assertRefused(RunFailedException.class, sound(2), "comes from worker 2");
  }

  /** A convolution network's state of a round: well below a round's time. */
  @Test
  void lookingTakesFewMilliseconds() {
    ModelState start = ModelState.of(0, new float[319_178], new float[638_356]);
    UpdateCheck check = new UpdateCheck("convolution", new Round(1, 1, 0, 8, 8), start);
    WorkerUpdate update = update(0, ModelState.of(8, start.parameters(), start.updater()));
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 50; i++) {
      long begin = System.nanoTime();
      assertThat(check.fault(0, update)).isEmpty();
      best = Math.min(best, System.nanoTime() - begin);
    }
    assertThat(best).isLessThan(20_000_000);
  }
}
