package io.involution.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.involution.failure.RunFailedException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CellLanesTest {
  @Test
  void aFailureIsThrownOnceTheOthersHaveEnded() {
    AtomicBoolean ended = new AtomicBoolean();
    try (CellLanes lanes = new CellLanes(2, Optional.empty())) {
      lanes.run(1, () -> fail("first"));
      lanes.run(
          1,
          () -> {
            pause(300);
            ended.set(true);
            fail("second");
          });

      assertThatExceptionOfType(RunFailedException.class)
          .isThrownBy(lanes::await)
          .withMessage("first")
          .satisfies(
              first ->
                  assertThat(first.getSuppressed())
                      .singleElement()
                      .satisfies(other -> assertThat(other).hasRootCauseMessage("second")));
      assertThat(ended).isTrue();
    }
  }

  @Test
  void anInterruptionEndsTheWaitingAtOnce() {
    CountDownLatch over = new CountDownLatch(1);
    try (CellLanes lanes = new CellLanes(1, Optional.empty())) {
      lanes.run(1, () -> await(over));
      Thread.currentThread().interrupt();

      assertThatIllegalStateException()
          .isThrownBy(lanes::await)
          .withMessage("interrupted while cells run");
      assertThat(Thread.interrupted()).isTrue();
    } finally {
      over.countDown();
    }
  }

  private static void fail(String message) {
    throw new RunFailedException(message);
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
