package io.involution.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StretchTest {
  private static WorkerReport report(double receive, double steps, double extract) {
    WorkerReport made = RoundFixture.report(0, 4);
    return new WorkerReport(
        0, 4, 8, 2, new WorkerSeconds(receive, 0.5, steps, extract), made.place());
  }

  @Test
  void timesOfTheRoundsAddUpToThoseOfTheWhole() {
    List<List<WorkerReport>> rounds =
        List.of(List.of(report(1, 2, 0)), List.of(report(0, 4, 0)), List.of(report(0, 3, 1)));

    Stretch stretch =
        Stretch.of(RoundFixture.state(3, 1), rounds, new RoundSeconds(3, 18, 6), 40, 50);

    // The worker's own time is 3.5 + 4.5 + 4.5 s, so that 5.5 s of 18 are scheduling.
    assertThat(stretch.outcomes().stream().map(outcome -> outcome.seconds().workers()))
        .satisfiesExactly(
            first -> assertThat(first).isCloseTo(3.5 + 5.5 / 3, within()),
            second -> assertThat(second).isCloseTo(4.5 + 5.5 / 3, within()),
            third -> assertThat(third).isCloseTo(4.5 + 5.5 / 3, within()));
    assertThat(stretch.outcomes().stream().mapToDouble(each -> each.seconds().total()).sum())
        .isCloseTo(27, within());
    assertThat(stretch.outcomes().stream().map(RoundOutcome::bytesSent))
        .containsExactly(0L, 0L, 40L);
    assertThat(stretch.outcomes().stream().map(RoundOutcome::bytesReceived))
        .containsExactly(0L, 0L, 50L);
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-9);
  }

  @Test
  void aStretchTakesAboutTwoSeconds() {
    Pace pace = new Pace();
    assertThat(pace.rounds()).isEqualTo(1);
    pace.took(1, 0.5);
    assertThat(pace.rounds()).isEqualTo(4);
    pace.took(4, 0.04);
    assertThat(pace.rounds()).isEqualTo(200);
    pace.took(200, 900);
    assertThat(pace.rounds()).isEqualTo(1);
  }
}
