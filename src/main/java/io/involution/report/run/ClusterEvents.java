package io.involution.report.run;

import io.involution.metrics.RoundRow;
import io.involution.metrics.WorkerRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What happened to a network's rounds: retried tasks and resumed runs. */
public final class ClusterEvents {
  private final List<RoundRow> rounds;
  private final Map<At, List<WorkerRow>> workers;

  /** The positions of the last rounds that executors took part in. */
  private final Map<Executor, Integer> last = new HashMap<>();

  private ClusterEvents(ModelData model) {
    rounds = model.rounds();
    workers =
        model.workers().stream()
            .collect(Collectors.groupingBy(worker -> new At(worker.epoch(), worker.round())));
    for (int i = 0; i < rounds.size(); i++) {
      for (WorkerRow worker : workers(i)) {
        last.put(executor(i, worker), i);
      }
    }
  }

  /** Where a round is in the metrics. */
  private record At(int epoch, int round) {}

  /** An executor of an attempt: the next one has others, which may have the same names. */
  private record Executor(int runAttempt, String name) {}

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
    return new ClusterEvents(model).events();
  }

  private List<Event> events() {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < rounds.size(); i++) {
      int attempt = rounds.get(i).runAttempt();
      if (i > 0 && attempt > rounds.get(i - 1).runAttempt()) {
        events.add(new Event(i, false, "resumed, attempt " + attempt));
      }
      long retries = workers(i).stream().filter(WorkerRow::retried).count();
      if (retries > 0) {
        events.add(new Event(i, true, retried(i, retries)));
      }
    }
    return events;
  }

  private String retried(int at, long retries) {
    Set<String> lost = new TreeSet<>();
    if (at > 0 && rounds.get(at - 1).runAttempt() == rounds.get(at).runAttempt()) {
      workers(at - 1).stream()
          .map(worker -> executor(at - 1, worker))
          .filter(executor -> last.get(executor) < at)
          .forEach(executor -> lost.add(executor.name()));
    }
    String tasks = retries == 1 ? "1 task retried" : retries + " tasks retried";
    return lost.isEmpty() ? tasks : "executor " + String.join(", ", lost) + " lost, " + tasks;
  }

  private List<WorkerRow> workers(int round) {
    At at = new At(rounds.get(round).epoch(), rounds.get(round).round());
    return workers.getOrDefault(at, List.of());
  }

  private Executor executor(int round, WorkerRow worker) {
    return new Executor(rounds.get(round).runAttempt(), worker.executor());
  }
}
