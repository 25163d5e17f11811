package io.involution.report.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.metrics.ModelArtifacts;
import io.involution.metrics.RoundRow;
import io.involution.metrics.WorkerRow;
import io.involution.report.run.ClusterEvents.Event;
import io.involution.train.RoundSeconds;
import io.involution.train.WorkerSeconds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterEventsTest {
  private static final int ROUNDS_PER_EPOCH = 2;

  private final List<RoundRow> rounds = new ArrayList<>();
  private final List<WorkerRow> workers = new ArrayList<>();

  @Test
  void anExecutorThatDoesNotComeBackIsLost() {
    round(1, "1", "2", "3");
    round(1, "1", "2", "3");
    round(1, "1", "2", "1 again");
    round(1, "1", "2", "1");

    assertThat(events()).containsExactly(new Event(2, true, "executor 3 lost, 1 task retried"));
  }

  @Test
  void anExecutorThatComesBackIsNotLost() {
    round(1, "1", "2", "3");
    round(1, "1", "1 again", "1 again");
    round(1, "1", "2", "1");
    round(1, "3", "2", "1");

    assertThat(events()).containsExactly(new Event(1, true, "2 tasks retried"));
  }

  /** Another attempt has other executors, which may have the same names. */
  @Test
  void executorsOfAnotherAttemptAreOthers() {
    round(1, "1", "2", "3");
    round(1, "1", "2", "2 again");
    round(2, "1", "3", "1 again");
    round(2, "1", "3", "1");

    assertThat(events())
        .containsExactly(
            new Event(1, true, "executor 3 lost, 1 task retried"),
            new Event(2, false, "resumed, attempt 2"),
            new Event(2, true, "1 task retried"));
  }

  private List<Event> events() {
    ModelArtifacts none = ModelArtifacts.of(List.of(), List.of(), List.of());
    return ClusterEvents.of(
        new ModelData(
            "mine", 0, Optional.empty(), List.of(), rounds, workers, Optional.empty(), none));
  }

  /** Adds a round by its workers' executors; some took the task over from another one. */
  private void round(int runAttempt, String... executors) {
    int epoch = 1 + rounds.size() / ROUNDS_PER_EPOCH;
    int round = 1 + rounds.size() % ROUNDS_PER_EPOCH;
    rounds.add(
        new RoundRow(
            "mine", epoch, round, 1, 3, new RoundSeconds(0, 1, 0), 1, 0, "host", 1, 1, runAttempt));
    for (int worker = 0; worker < executors.length; worker++) {
      int attempt = executors[worker].endsWith(" again") ? 1 : 0;
      workers.add(
          new WorkerRow(
              "mine",
              epoch,
              round,
              worker,
              1,
              1.0,
              1,
              new WorkerSeconds(0, 0, 1, 0),
              1L,
              1L,
              "host",
              executors[worker].replace(" again", ""),
              "cpu",
              attempt));
    }
  }
}
