package io.involution.report.run;

import io.involution.metrics.RoundRow;
import io.involution.metrics.WorkerRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What happened to a network's rounds: retried tasks and resumed runs. */
public final class ClusterEvents {
  private ClusterEvents() {}

  /**
   * An event.
   *
   * @param round position of the round among all of the network's, from 0
   * @param lost whether a task was retried in it; otherwise the run was resumed before it
   * @param text what happened
   */
  public record Event(int round, boolean lost, String text) {}

  /** The events of a network, in order. */
  public static List<Event> of(ModelData model) {
    List<Event> events = new ArrayList<>();
    List<RoundRow> rounds = model.rounds();
    for (int i = 0; i < rounds.size(); i++) {
      RoundRow round = rounds.get(i);
      if (i > 0 && round.runAttempt() > rounds.get(i - 1).runAttempt()) {
        events.add(new Event(i, false, "resumed, attempt " + round.runAttempt()));
      }
      long retries = workers(model, round).stream().filter(WorkerRow::retried).count();
      if (retries > 0) {
        events.add(new Event(i, true, retried(model, i, retries)));
      }
    }
    return events;
  }

  private static String retried(ModelData model, int at, long retries) {
    Set<String> lost = new TreeSet<>();
    if (at > 0) {
      workers(model, model.rounds().get(at - 1)).forEach(worker -> lost.add(worker.executor()));
    }
    for (RoundRow round : model.rounds().subList(at, model.rounds().size())) {
      if (round.runAttempt() == model.rounds().get(at).runAttempt()) {
        workers(model, round).forEach(worker -> lost.remove(worker.executor()));
      }
    }
    String tasks = retries == 1 ? "1 task retried" : retries + " tasks retried";
    return lost.isEmpty() ? tasks : "executor " + String.join(", ", lost) + " lost, " + tasks;
  }

  private static List<WorkerRow> workers(ModelData model, RoundRow round) {
    return model.workers().stream()
        .filter(worker -> worker.epoch() == round.epoch() && worker.round() == round.round())
        .toList();
  }
}
