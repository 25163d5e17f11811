package io.involution.doctor;

import io.involution.failure.InputException;
import io.involution.spark.SparkVersion;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Checks of the cluster as a whole. */
final class ClusterChecks {
  private static final long MOST_SKEW_MILLIS = 5_000;

  private ClusterChecks() {}

  /**
   * Checks the version of Spark.
   *
   * @param spark Spark's version
   * @param scala the version of the Scala that it is built with
   */
  static Finding spark(String spark, String scala) {
    String found = String.format(Locale.ROOT, "Spark %s for Scala %s", spark, scala);
    try {
      return SparkVersion.check(spark)
          .map(doubt -> Finding.warn("spark", doubt, "prefer a version that has been tested"))
          .orElseGet(() -> Finding.ok("spark", found));
    } catch (InputException e) {
      return Finding.fail("spark", e);
    }
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
