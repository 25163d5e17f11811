package io.involution.doctor;

import io.involution.driver.provenance.SparkBuild;
import io.involution.failure.InputException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Checks of the cluster as a whole. */
final class ClusterChecks {
  private static final long MOST_SKEW_MILLIS = 5_000;

  private ClusterChecks() {}

  /**
   * Checks the versions of Spark and Scala.
   *
   * @param here the Spark that is running
   * @param built the one that the job jar was built for; empty outside a jar
   */
  static Finding spark(SparkBuild here, Optional<SparkBuild> built) {
    if (built.isEmpty() || built.get().runs(here)) {
      return Finding.ok("spark", here.shown());
    }
    return Finding.fail(
        "spark",
        here.shown() + ", but the job jar was built for another version",
        "point SPARK_HOME to " + built.get().wanted());
  }

  /** Compares task slots and workers. */
  static Finding slots(int slots, int workers) {
    String found = String.format(Locale.ROOT, "%d for %d workers", slots, workers);
    return slots >= workers
        ? Finding.ok("task slots", found)
        : Finding.warn(
            "task slots",
            found + ": a round takes several waves",
            "use as many workers as there are slots, or add slots");
  }

  /** Reports which executors have answered. */
  static Finding answered(List<ExecutorFacts> facts, double seconds) {
    TreeSet<String> executors =
        facts.stream().map(ExecutorFacts::place).collect(Collectors.toCollection(TreeSet::new));
    TreeSet<String> hosts =
        facts.stream().map(ExecutorFacts::host).collect(Collectors.toCollection(TreeSet::new));
    return Finding.ok(
        "executors",
        String.format(
            Locale.ROOT,
            "%d answered in %.1f s from %s",
            executors.size(),
            seconds,
            String.join(", ", hosts)));
  }

  /**
   * Compares an executor's clock with the driver's.
   *
   * @param from the driver's clock before the executor read its own
   * @param to the driver's clock afterwards
   */
  static Finding clock(ExecutorFacts facts, long from, long to) {
    long clock = facts.jvm().clockMillis();
    long skew = clock < from ? clock - from : Math.max(0, clock - to);
    return Math.abs(skew) <= MOST_SKEW_MILLIS
        ? Finding.ok("clocks", "agree with the driver's clock")
        : Finding.warn(
            "clocks",
            String.format(
                Locale.ROOT,
                "%d s %s the driver's clock",
                Math.abs(skew) / 1000,
                skew < 0 ? "behind" : "ahead of"),
            "run a time service (NTP): log times do not match, and Kerberos fails from 5 minutes"
                + " on");
  }

  /** Checks whether an executor can read the data. */
  static Finding data(ExecutorFacts facts) {
    return facts.dataFault() == null
        ? Finding.ok("data access", "the data can be read")
        : Finding.fail("data access", new InputException(facts.dataFault()));
  }
}
