package io.involution.doctor;

import io.involution.device.JvmFacts;
import io.involution.spark.ClusterSession;
import java.util.Locale;
import org.apache.spark.SparkConf;

/**
 * Checks whether a container has room for ND4J's off-heap memory: YARN and Kubernetes kill one that
 * uses more than its heap and overhead.
 */
final class MemoryCheck {
  /** The check of what the workers need outside the heap. */
  static final String OFF_HEAP = "off-heap";

  private static final long MIB = 1 << 20;
  private static final long LEAST_OVERHEAD = 384;

  /** Memory of a JVM in addition to heap and ND4J, in MiB: classes, code, threads, buffers. */
  private static final long OWN = 256;

  private static final String CHECK = "memory";

  private final String role;
  private final SparkConf settings;
  private final String spark;

  /**
   * Prepares the check.
   *
   * @param role {@code driver} or {@code executor}
   * @param settings Spark's settings
   * @param spark Spark's version
   */
  MemoryCheck(String role, SparkConf settings, String spark) {
    this.role = role;
    this.settings = settings;
    this.spark = spark;
  }

  /** Checks one JVM. */
  Finding of(JvmFacts facts) {
    long outside = facts.outsideBytes() / MIB;
    String found =
        String.format(
            Locale.ROOT,
            "%,d MiB of heap, and up to %,d MiB of off-heap memory for ND4J",
            facts.heapBytes() / MIB,
            outside);
    if (!isLimited()) {
      return Finding.ok(CHECK, found);
    }
    long overhead = overhead(facts.heapBytes() / MIB);
    String all = String.format(Locale.ROOT, "%s, but %s is %,d MiB", found, setting(), overhead);
    String fix =
        String.format(
            Locale.ROOT,
            "set --conf %s=%dm, or lower -Dorg.bytedeco.javacpp.maxbytes",
            setting(),
            outside + LEAST_OVERHEAD);
    if (overhead < outside) {
      return Finding.fail(CHECK, all, fix);
    }
    return overhead < outside + OWN ? Finding.warn(CHECK, all, fix) : Finding.ok(CHECK, all);
  }

  /** What an executor needs for its workers at least, which it may have. */
  static Finding needed(long bytes) {
    return Finding.ok(
        OFF_HEAP,
        bytes == 0
            ? "the workers need little outside the heap"
            : String.format(
                Locale.ROOT,
                "an executor's workers need at least %,d MiB outside the heap, and may have them",
                bytes / MIB));
  }

  /** Whether the JVM runs in a container; a driver in client mode does not. */
  private boolean isLimited() {
    String master = settings.get("spark.master", "");
    boolean containers = master.equals("yarn") || master.startsWith("k8s://");
    return containers && (role.equals("executor") || ClusterSession.isDriverInCluster(settings));
  }

  private String setting() {
    return "spark." + role + ".memoryOverhead";
  }

  /** The overhead in MiB, as Spark computes it. */
  private long overhead(long heapMib) {
    if (settings.contains(setting())) {
      return settings.getSizeAsMb(setting());
    }
    long asked = settings.getSizeAsMb("spark." + role + ".memory", heapMib + "m");
    double factor =
        settings.getDouble(
            setting() + "Factor", settings.getDouble("spark.kubernetes.memoryOverheadFactor", 0.1));
    // Spark 3 does not know the setting.
    long least =
        spark.startsWith("3.")
            ? LEAST_OVERHEAD
            : settings.getSizeAsMb("spark." + role + ".minMemoryOverhead", LEAST_OVERHEAD + "m");
    return Math.max(least, (long) (factor * asked));
  }
}
