package io.involution.driver.process;

import io.involution.compute.DaemonThreads;
import io.involution.failure.ExitCode;
import io.involution.spark.ClusterSession;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the driver with exit code 3 when it is told to stop (SIGTERM, SIGINT) in the middle of a
 * run: the round is abandoned, the last checkpoint stays.
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
   * Begins to watch for the signal.
   *
   * @param session the cluster, which is left when the signal comes
   * @param line says what stopped and how to go on
   * @param last what is done before the cluster is left, in a few seconds
   */
  public static StopSignal watch(ClusterSession session, String line, Runnable last) {
    StopSignal signal = new StopSignal(session, line, last);
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /** Ends the watch; does not return when the signal has come. */
  public void end() {
    // What fails because the cluster is being left is no failure of the run: the hook ends it.
    while (isShuttingDown()) {
      LockSupport.park();
    }
    running.set(false);
  }

  /** Whether the JVM has begun to end. */
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
    // An exit code of our own: after the signal the JVM would give 143, whatever it is asked for.
    Runtime.getRuntime().halt(ExitCode.STOPPED);
  }
}
