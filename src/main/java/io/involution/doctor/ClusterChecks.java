package io.involution.doctor;

import io.involution.driver.provenance.SparkBuild;
import io.involution.failure.InputException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The cluster as a whole. */
public final class ClusterChecks {
  private static final long MOST_SKEW_MILLIS = 5_000;

  private ClusterChecks() {}

  /**
   * Spark and its Scala.
   *
   * @param here the Spark that runs
   * @param built the one that the job jar was built for; empty outside a jar
   */
  public static Finding spark(SparkBuild here, Optional<SparkBuild> built) {
    if (built.isEmpty() || built.get().runs(here)) {
      return Finding.ok("spark", here.shown());
    }
    return Finding.fail(
        "spark",
        here.shown() + ", and the job jar was built for another",
        "set SPARK_HOME to a " + built.get().wanted());
  }

  /** Task slots against workers: enough of them, or a run would have been refused. */
  public static Finding slots(int slots, int workers) {
    String found = "%d for %d workers".formatted(slots, workers);
    return slots >= workers
        ? Finding.ok("task slots", found)
        : Finding.warn(
            "task slots",
            found + ": a round takes several waves",
            "take as many workers as slots, or more slots");
  }

  /** Who has answered. */
  public static Finding answered(List<ExecutorFacts> facts, double seconds) {
    TreeSet<String> executors =
        facts.stream().map(ExecutorFacts::place).collect(Collectors.toCollection(TreeSet::new));
    TreeSet<String> hosts =
        facts.stream().map(ExecutorFacts::host).collect(Collectors.toCollection(TreeSet::new));
    return Finding.ok(
        "executors",
        "%d answered in %.1f s from %s"
            .formatted(executors.size(), seconds, String.join(", ", hosts)));
  }

  /**
   * Clocks against the driver's.
   *
   * @param from the driver's clock before an executor read its own
   * @param to and after
   */
  public static Finding clock(ExecutorFacts facts, long from, long to) {
    long clock = facts.jvm().clockMillis();
    long skew = clock < from ? clock - from : Math.max(0, clock - to);
    return Math.abs(skew) <= MOST_SKEW_MILLIS
        ? Finding.ok("clocks", "agree with the driver's")
        : Finding.warn(
            "clocks",
            "%d s %s the driver's"
                .formatted(Math.abs(skew) / 1000, skew < 0 ? "behind" : "ahead of"),
            "run a time service (NTP): logs do not fit together, and Kerberos fails at 5 minutes");
  }

  /** Whether an executor can read the data. */
  public static Finding data(ExecutorFacts facts) {
    return facts.dataFault() == null
        ? Finding.ok("data there", "can be read")
        : Finding.fail("data there", new InputException(facts.dataFault()));
  }
}
