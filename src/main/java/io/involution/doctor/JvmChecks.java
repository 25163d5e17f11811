package io.involution.doctor;

import io.involution.device.Backend;
import io.involution.device.JvmFacts;
import io.involution.failure.InputException;
import java.util.Locale;
import java.util.Set;

/** Checks of each JVM: Java version, ND4J's backend, processor and Hadoop's user. */
final class JvmChecks {
  private static final int JAVA = 17;

  /** What Spark 4 runs on, and this job was run on or is built for. */
  private static final Set<Integer> RUNS_ON = Set.of(JAVA, 21, 25);

  private JvmChecks() {}

  /** Checks the Java version. */
  static Finding java(JvmFacts facts) {
    int feature = Runtime.Version.parse(facts.java().replaceAll("[^0-9.].*", "")).feature();
    String found = "Java " + facts.java();
    return RUNS_ON.contains(feature)
        ? Finding.ok("java", found)
        : Finding.warn(
            "java",
            found + ", but the job is built for Java " + JAVA,
            "set JAVA_HOME and spark.executorEnv.JAVA_HOME to Java " + JAVA);
  }

  /** Checks that ND4J's backend loads. */
  static Finding backend(JvmFacts facts) {
    if (facts.backendFault() != null) {
      return Finding.fail("backend", new InputException(facts.backendFault()));
    }
    return Finding.ok("backend", facts.backend() == Backend.CPU ? "CPU" : "CUDA");
  }

  /** Checks the processor and OpenBLAS's threads. */
  static Finding processor(ExecutorFacts facts) {
    String found =
        String.format(Locale.ROOT, "%s, %d cores", facts.jvm().processor(), facts.jvm().cores());
    int threads = facts.blasThreads();
    if (threads == 0) {
      return Finding.ok("processor", found);
    }
    String all =
        String.format(
            Locale.ROOT, "%s, %d BLAS thread%s per task", found, threads, threads == 1 ? "" : "s");
    return threads == 1
        ? Finding.ok("processor", all)
        : Finding.warn("processor", all, "do not set OpenBLAS's threads: results depend on them");
  }

  /** Checks the user that Hadoop's file systems see. */
  static Finding login(JvmFacts facts) {
    JvmFacts.Login login = facts.login();
    String tokens = login.tokens().isEmpty() ? "" : ", tokens " + String.join(" ", login.tokens());
    String found =
        String.format(
            Locale.ROOT,
            "user %s, Kerberos %s%s",
            login.user(),
            login.kerberos() ? "on" : "off",
            tokens);
    boolean unknown = login.kerberos() && !login.credentials() && login.tokens().isEmpty();
    return unknown
        ? Finding.fail(
            "security",
            found + ", but no ticket and no token",
            "run kinit, or submit with --principal and --keytab")
        : Finding.ok("security", found);
  }
}
