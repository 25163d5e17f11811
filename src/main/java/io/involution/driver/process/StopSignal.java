package io.involution.driver.process;

import io.involution.compute.DaemonThreads;
import io.involution.failure.ExitCode;
import io.involution.spark.ClusterSession;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Ends the driver with exit code 3 on SIGTERM, SIGINT or SIGHUP during a run: the round is
 * abandoned, the last checkpoint remains.
 */
public final class StopSignal {
  private static final long MOST_MILLIS = 5_000;

  /** The one for what is running; null if none is watched. */
  private static volatile StopSignal watching;

  private final ClusterSession session;
  private final Stop stop;
  private final AtomicBoolean running = new AtomicBoolean(true);

  /** What was running has recorded how it ended. */
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private final Thread hook = new Thread(this::stop, "stop-signal");

  private StopSignal(ClusterSession session, Stop stop) {
    this.session = session;
    this.stop = stop;
  }

  /**
   * What there is to do and to say.
   *
   * @param line says what stopped and how to resume it
   * @param last runs before the line is printed, within a few seconds
   * @param seen a failure as it ends what is running: whether it can be resumed
   */
  public record Stop(String line, Runnable last, UnaryOperator<Throwable> seen) {}

  /**
   * Starts to handle the signals.
   *
   * @param session the cluster, which is closed on a signal
   * @param stop what there is to do and to say
   */
  public static StopSignal watch(ClusterSession session, Stop stop) {
    StopSignal signal = new StopSignal(session, stop);
    Runtime.getRuntime().addShutdownHook(signal.hook);
    watching = signal;
    return signal;
  }

  /** Stops handling them; does not return after a signal. */
  public void end() {
    ended.complete(null);
    // What fails because the cluster is being closed is not a failure of the run: the hook ends it.
    while (isShuttingDown()) {
      LockSupport.park();
    }
    watching = null;
    running.set(false);
  }

  /** Whether the JVM is shutting down. */
  public static boolean isShuttingDown() {
    Thread probe = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException shuttingDown) {
      return true;
    }
  }

  /**
   * Whether a signal is ending the process, and not a thread that ran out of memory: what fails now
   * fails because the cluster is being closed.
   */
  public static boolean isStopping() {
    return isShuttingDown() && ConsoleLog.fatal().isEmpty();
  }

  private void stop() {
    if (!running.get()) {
      return;
    }
    ConsoleLog.silence();
    inTime(stop.last());
    if (ConsoleLog.fatal().isEmpty()) {
      ConsoleLog.forget();
    }
    int code = FatalEnd.say(this::ending);
    PlainStream.mute(true);
    inTime(
        () -> {
          session.close();
          // Spark's own hook may have closed it: wait until it is recorded how the run ended.
          ended.join();
        });
    // Our own exit code: after the signal the JVM would always exit with 143.
    Runtime.getRuntime().halt(code);
  }

  /** A thread that runs out of memory ends the process too, but for another reason. */
  private Ending ending() {
    return ConsoleLog.fatal()
        .map(this::ending)
        .orElseGet(() -> new Ending(ExitCode.STOPPED, stop.line()));
  }

  private Ending ending(Throwable failure) {
    return Ending.of(stop.seen().apply(failure));
  }

  /** How a failure outside of what is running ends the process: perhaps so that it can go on. */
  static Ending endingOf(Throwable failure) {
    StopSignal signal = watching;
    return signal == null ? Ending.of(failure) : signal.ending(failure);
  }

  private static void inTime(Runnable work) {
    Thread thread = new DaemonThreads("leave-cluster").newThread(work);
    thread.start();
    try {
      thread.join(MOST_MILLIS);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }
}
