package io.involution.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** kill -9. */
final class Kill {
  private static final String EXECUTOR = "org.apache.spark.executor.CoarseGrainedExecutorBackend";

  private Kill() {}

  /**
   * A shell that waits to kill this JVM: starting one takes too long when the moment has come.
   *
   * @return to be given to {@link #now}
   */
  static Process prepare() {
    String command = "read -r go && kill -9 " + ProcessHandle.current().pid();
    try {
      return new ProcessBuilder("sh", "-c", command).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills this JVM; the calling thread does not come back. */
  static void now(Process prepared) {
    try {
      prepared.getOutputStream().write('\n');
      prepared.getOutputStream().flush();
      Thread.sleep(TimeUnit.MINUTES.toMillis(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("still alive");
  }

  /** The executors that a driver of local-cluster has started and that are alive. */
  static List<ProcessHandle> executors(ProcessHandle driver) {
    return driver.children().filter(child -> isExecutor(child) && child.isAlive()).toList();
  }

  /** Kills a process and waits for its end. */
  static void at(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }

  /** Tells an executor to leave, as a cluster that takes its machine back does. */
  static void decommission(ProcessHandle executor) {
    try {
      new ProcessBuilder("kill", "-PWR", String.valueOf(executor.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isExecutor(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains(EXECUTOR);
  }
}
