package io.involution.driver.process;

import io.involution.compute.DaemonThreads;
import io.involution.failure.ExitCode;
import io.involution.spark.ClusterSession;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the driver with exit code 3 on SIGTERM or SIGINT during a run: the round is abandoned, the
 * last checkpoint remains.
 */
public final class StopSignal {
  private static final long MOST_MILLIS = 5_000;

  private final ClusterSession session;
  private final String line;
  private final Runnable last;
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final Thread hook = new Thread(this::stop, "stop-signal");

  private StopSignal(ClusterSession session, String line, Runnable last) {
    this.session = session;
    this.line = line;
    this.last = last;
  }

  /**
   * Starts to handle the signals.
   *
   * @param session the cluster, which is closed on a signal
   * @param line says what stopped and how to resume it
   * @param last runs before the cluster is closed, within a few seconds
   */
  public static StopSignal watch(ClusterSession session, String line, Runnable last) {
    StopSignal signal = new StopSignal(session, line, last);
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /** Stops handling them; does not return after a signal. */
  public void end() {
    // What fails because the cluster is being closed is not a failure of the run: the hook ends it.
    while (isShuttingDown()) {
      LockSupport.park();
    }
    running.set(false);
  }

  /** Whether the JVM is shutting down. */
  public static boolean isShuttingDown() {
    Thread probe = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private void stop() {
    if (!running.get()) {
      return;
    }
    System.err.println(line);
    System.err.flush();
    last.run();
    Thread leave = new DaemonThreads("leave-cluster").newThread(session::close);
    leave.start();
    try {
      leave.join(MOST_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Our own exit code: after the signal the JVM would always exit with 143.
    Runtime.getRuntime().halt(ExitCode.STOPPED);
  }
}
