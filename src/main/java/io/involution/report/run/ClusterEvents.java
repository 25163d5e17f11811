package io.involution.report.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What happened to a network's rounds: tasks that had to be tried again, runs that were resumed.
 */
public final class ClusterEvents {
  private ClusterEvents() {}

  /**
   * One of them.
   *
   * @param round place of the round among all of the network's, from 0
   * @param lost whether a task was tried again in it; else the run was resumed before it
   * @param text what happened
   */
  public record Event(int round, boolean lost, String text) {}

  /** Those of a network, in order. */
  public static List<Event> of(ModelData model) {
    List<Event> events = new ArrayList<>();
    List<RoundPoint> rounds = model.rounds();
    for (int i = 0; i < rounds.size(); i++) {
      RoundPoint round = rounds.get(i);
      if (i > 0 && round.runAttempt() > rounds.get(i - 1).runAttempt()) {
        events.add(new Event(i, false, "resumed, attempt " + round.runAttempt()));
      }
      List<WorkerPoint> again =
          workers(model, round).stream().filter(worker -> worker.attempt() > 0).toList();
      if (!again.isEmpty()) {
        events.add(new Event(i, true, retried(model, i, again)));
      }
    }
    return events;
  }

  private static String retried(ModelData model, int at, List<WorkerPoint> again) {
    Set<String> lost = new HashSet<>();
    if (at > 0) {
      workers(model, model.rounds().get(at - 1)).forEach(worker -> lost.add(worker.executor()));
    }
    for (RoundPoint round : model.rounds().subList(at, model.rounds().size())) {
      if (round.runAttempt() == model.rounds().get(at).runAttempt()) {
        workers(model, round).forEach(worker -> lost.remove(worker.executor()));
      }
    }
    String tasks = again.size() == 1 ? "1 task" : again.size() + " tasks";
    return lost.isEmpty()
        ? tasks + " tried again"
        : "executor "
            + String.join(", ", lost.stream().sorted().toList())
            + " lost, "
            + tasks
            + " tried again";
  }

  private static List<WorkerPoint> workers(ModelData model, RoundPoint round) {
    return model.workers().stream()
        .filter(worker -> worker.epoch() == round.epoch() && worker.round() == round.round())
        .toList();
  }
}
