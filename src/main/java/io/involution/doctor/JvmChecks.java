package io.involution.doctor;

import io.involution.device.Backend;
import io.involution.device.JvmFacts;
import io.involution.failure.InputException;

/** What each JVM is: Java, ND4J's backend, processor, Hadoop's user. */
public final class JvmChecks {
  private static final int JAVA = 17;

  private JvmChecks() {}

  /** Java's version. */
  public static Finding java(JvmFacts facts) {
    int feature = Runtime.Version.parse(facts.java().replaceAll("[^0-9.].*", "")).feature();
    String found = "Java " + facts.java();
    return feature == JAVA
        ? Finding.ok("java", found)
        : Finding.warn(
            "java",
            found + ", the job is made for " + JAVA,
            "set JAVA_HOME, and spark.executorEnv.JAVA_HOME, to a Java " + JAVA);
  }

  /** ND4J's backend. */
  public static Finding backend(JvmFacts facts) {
    if (facts.backendFault() != null) {
      return Finding.fail("backend", new InputException(facts.backendFault()));
    }
    return Finding.ok(
        "backend",
        facts.backend() == Backend.CPU ? "the job jar's is CPU" : "the job jar's is CUDA");
  }

  /** Processor and threads of the matrix products. */
  public static Finding processor(ExecutorFacts facts) {
    String found = "%s, %d cores".formatted(facts.jvm().processor(), facts.jvm().cores());
    int threads = facts.blasThreads();
    if (threads == 0) {
      return Finding.ok("processor", found);
    }
    String all = "%s, %d BLAS thread%s a task".formatted(found, threads, threads == 1 ? "" : "s");
    return threads == 1
        ? Finding.ok("processor", all)
        : Finding.warn(
            "processor", all, "leave OpenBLAS's threads to the job: results depend on them");
  }

  /** Who Hadoop's file systems see. */
  public static Finding login(JvmFacts facts) {
    JvmFacts.Login login = facts.login();
    String tokens = login.tokens().isEmpty() ? "" : ", tokens " + String.join(" ", login.tokens());
    String found =
        "user %s, Kerberos %s%s".formatted(login.user(), login.kerberos() ? "on" : "off", tokens);
    boolean unknown = login.kerberos() && !login.credentials() && login.tokens().isEmpty();
    return unknown
        ? Finding.fail(
            "security",
            found + ", neither ticket nor token",
            "kinit, or submit with --principal and --keytab")
        : Finding.ok("security", found);
  }
}
