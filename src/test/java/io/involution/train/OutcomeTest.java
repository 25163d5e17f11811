package io.involution.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  @Test
  void roundAddsItsWorkersUp() {
    RoundOutcome outcome = RoundFixture.outcome(10, 20, 5);

    assertThat(outcome.examples()).isEqualTo(35);
    assertThat(outcome.lossSum()).isEqualTo(70);
    assertThat(outcome.correct()).isEqualTo(5 + 10 + 2);
    assertThat(outcome.seconds().total()).isEqualTo(10);
    assertThat(outcome.reports().get(0).seconds().total()).isEqualTo(5.75);
  }

  @Test
  void slowestIsTheWorkerOfTheLongestLocalSteps() {
    RoundOutcome even = RoundFixture.outcome(10, 20);
    WorkerReport slow = even.reports().get(1);
    WorkerReport slower =
        new WorkerReport(1, 20, 40, 10, new WorkerSeconds(9, 9, 12, 9), slow.place());
    RoundOutcome uneven =
        new RoundOutcome(List.of(even.reports().get(0), slower), even.seconds(), 1, 1);

    assertThat(even.slowest().worker()).isZero();
    assertThat(uneven.stepSeconds()).containsExactly(4, 12);
    assertThat(uneven.slowest()).isSameAs(slower);
  }
}
