package io.involution.driver.process;

import io.involution.compute.DaemonThreads;
import io.involution.failure.ExitCode;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Ends the process after a thread has died of a lack of memory: whoever waits for what it was to do
 * waits forever. This is left to a thread that is there from the beginning, since there may be no
 * memory for another by then, and that nothing waits for when the cluster is closed.
 */
final class FatalEnd {
  private static final String SHORT = "error: the driver has no memory left: raise --driver-memory";

  private static final Semaphore DEATHS = new Semaphore(0);
  private static volatile IntConsumer exit;
  private static boolean waiting;

  private FatalEnd() {}

  /**
   * Begins to wait for such a death.
   *
   * @param how ends the process with an exit code
   */
  static synchronized void watch(IntConsumer how) {
    exit = how;
    if (!waiting) {
      waiting = true;
      new DaemonThreads("fatal-end").newThread(FatalEnd::endAfterEach).start();
    }
  }

  /**
   * Prints how the process ends, or something shorter where there is no memory for that either.
   *
   * @return the exit code
   */
  static int say(Supplier<Ending> ending) {
    try {
      return ending.get().print();
    } catch (VirtualMachineError scarce) { // as what the process ends for
      System.err.println(SHORT);
      return ExitCode.FAILED;
    }
  }

  /** Ends the process, later and in another thread; takes no memory. */
  static void begin() {
    DEATHS.release();
  }

  private static void endAfterEach() {
    while (true) {
      DEATHS.acquireUninterruptibly();
      end();
    }
  }

  private static void end() {
    int code = ExitCode.FAILED;
    try {
      // A process that ends already has its last line from what ends it.
      if (!StopSignal.isShuttingDown()) {
        code = say(() -> StopSignal.endingOf(ConsoleLog.fatal().orElseThrow()));
        PlainStream.mute(true);
      }
    } finally {
      exit.accept(code);
    }
  }
}
