package io.involution.plan.measure;

import io.involution.config.DeviceChoice;
import io.involution.driver.RunInputs;
import io.involution.driver.input.Networks;
import io.involution.model.network.NetworkKind;
import io.involution.model.state.GraphState;
import io.involution.spark.ClusterSession;
import io.involution.spark.TaskProfiles;
import io.involution.train.RoundOutcome;
import io.involution.train.RoundSeconds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Rounds of many workers that return immediately, with a model state of the involution network's
 * size: how many rounds per second the driver can handle, and how much of its threads' time they
 * take.
 */
public final class DriverSimulation {
  private static final int SHOWN_THREADS = 6;

  private final ClusterSession session;
  private final CalibrationLog log;
  private final TaskProfiles profiles;
  private final int floats;

  /** Prepares a simulation on the current cluster. */
  public DriverSimulation(RunInputs inputs, CalibrationLog log) {
    this.session = inputs.session();
    this.log = log;
    this.profiles = inputs.profiles(inputs.everySlot(), DeviceChoice.AUTO);
    long bytes = GraphState.initial(Networks.untrained(NetworkKind.INVOLUTION)).bytes();
    this.floats = Math.toIntExact(bytes / Float.BYTES);
  }

  /** Runs rounds of each number of tasks, one after the other, and shows the results. */
  public void run(List<Integer> taskCounts) {
    for (int tasks : taskCounts) {
      try (InstantRounds rounds = new InstantRounds(session.context(), tasks, profiles)) {
        run(tasks, rounds);
      }
    }
  }

  private void run(int tasks, InstantRounds rounds) {
    log.warmUp(() -> rounds.run(floats));
    List<RoundSeconds> all = new ArrayList<>();
    ThreadTimes before = ThreadTimes.now();
    long begin = System.nanoTime();
    for (int round = 0; round < log.rounds(); round++) {
      RoundOutcome outcome = rounds.run(floats);
      all.add(outcome.seconds());
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    List<ThreadTimes.Share> threads = ThreadTimes.now().since(before);
    log.say(
        String.format(
            Locale.ROOT,
            "rounds of %,d tasks: %.2f rounds per second, %.3f ms per task",
            tasks,
            all.size() / seconds,
            1000 * seconds / all.size() / tasks));
    part("broadcast", all, RoundSeconds::broadcast);
    part("tasks and their results", all, RoundSeconds::workers);
    part("rest of averaging", all, RoundSeconds::average);
    double tasksRun = (double) tasks * all.size();
    log.say(
        String.format(
            Locale.ROOT,
            "  CPU time of this JVM: %.3f ms per task",
            1000 * threads.stream().mapToDouble(ThreadTimes.Share::seconds).sum() / tasksRun));
    for (ThreadTimes.Share share : threads.subList(0, Math.min(SHOWN_THREADS, threads.size()))) {
      log.say(
          String.format(
              Locale.ROOT,
              "    %s: %.3f ms per task, %.0f %% of a core",
              share.threads(),
              1000 * share.seconds() / tasksRun,
              100 * share.seconds() / seconds));
    }
  }

  private void part(String name, List<RoundSeconds> all, ToDoubleFunction<RoundSeconds> seconds) {
    log.shown("  " + name, all.stream().map(seconds::applyAsDouble).toList());
  }
}
