package io.involution.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private static final Deadline PAST = Deadline.after(Optional.of(Duration.ZERO));
  private static final Deadline FUTURE = Deadline.after(Optional.of(Duration.ofHours(1)));

  @Test
  void itIsOverWhenTheTimeHasPassed() {
    assertThat(PAST.isOver()).isTrue();
    assertThat(FUTURE.isOver()).isFalse();
    assertThat(Deadline.after(Optional.empty()).isOver()).isFalse();
  }

  @Test
  void theEarlierOneOfTwoCounts() {
    assertThat(PAST.or(FUTURE)).isSameAs(PAST);
    assertThat(FUTURE.or(PAST)).isSameAs(PAST);
    assertThat(FUTURE.or(Deadline.NEVER)).isSameAs(FUTURE);
    assertThat(Deadline.NEVER.or(FUTURE)).isSameAs(FUTURE);
    assertThat(Deadline.NEVER.isOver()).isFalse();
  }
}
