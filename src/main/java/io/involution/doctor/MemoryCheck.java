package io.involution.doctor;

import io.involution.device.JvmFacts;
import io.involution.spark.ClusterSession;
import org.apache.spark.SparkConf;

/**
 * Whether a container has room for what ND4J takes outside the heap: YARN and Kubernetes kill one
 * that takes more than heap and overhead.
 */
public final class MemoryCheck {
  private static final long MIB = 1 << 20;
  private static final long LEAST_OVERHEAD = 384;

  /** What a JVM takes beside heap and ND4J: classes, code, threads, buffers. */
  private static final long OWN = 256;

  private static final String CHECK = "memory";

  private final String role;
  private final SparkConf settings;

  /**
   * A check.
   *
   * @param role {@code driver} or {@code executor}
   * @param settings Spark's settings
   */
  public MemoryCheck(String role, SparkConf settings) {
    this.role = role;
    this.settings = settings;
  }

  /** Of one JVM. */
  public Finding of(JvmFacts facts) {
    long outside = facts.outsideBytes() / MIB;
    String found =
        "%,d MiB of heap, ND4J takes up to %,d MiB outside it"
            .formatted(facts.heapBytes() / MIB, outside);
    if (!isLimited()) {
      return Finding.ok(CHECK, found);
    }
    long overhead = overhead(facts.heapBytes() / MIB);
    String all = "%s, and %s is %,d MiB".formatted(found, setting(), overhead);
    String fix =
        "--conf %s=%dm, or a smaller -Dorg.bytedeco.javacpp.maxbytes"
            .formatted(setting(), outside + LEAST_OVERHEAD);
    if (overhead < outside) {
      return Finding.fail(CHECK, all, fix);
    }
    return overhead < outside + OWN ? Finding.warn(CHECK, all, fix) : Finding.ok(CHECK, all);
  }

  /** A driver in client mode is an ordinary process. */
  private boolean isLimited() {
    String master = settings.get("spark.master", "");
    boolean containers = master.equals("yarn") || master.startsWith("k8s://");
    return containers && (role.equals("executor") || ClusterSession.isDriverInCluster(settings));
  }

  private String setting() {
    return "spark." + role + ".memoryOverhead";
  }

  /** As Spark computes it. */
  private long overhead(long heapMib) {
    if (settings.contains(setting())) {
      return settings.getSizeAsMb(setting());
    }
    long asked = settings.getSizeAsMb("spark." + role + ".memory", heapMib + "m");
    double factor =
        settings.getDouble(
            setting() + "Factor", settings.getDouble("spark.kubernetes.memoryOverheadFactor", 0.1));
    return Math.max(LEAST_OVERHEAD, (long) (factor * asked));
  }
}
