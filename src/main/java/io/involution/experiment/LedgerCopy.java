package io.involution.experiment;

import io.involution.compute.DaemonThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Decides when the ledger's parts are joined while cells run: once for all cells that end within a
 * few seconds, because the file is written whole, and thousands of cells would write it thousands
 * of times.
 */
final class LedgerCopy {
  /** Runs work 10 s later. */
  static final Executor LATER =
      CompletableFuture.delayedExecutor(
          10, TimeUnit.SECONDS, work -> new DaemonThreads("ledger").newThread(work).start());

  private final Runnable join;
  private final Executor later;
  private boolean due;

  /**
   * Nothing is due yet.
   *
   * @param join joins the parts; throws nothing
   * @param later runs work after a while
   */
  LedgerCopy(Runnable join, Executor later) {
    this.join = join;
    this.later = later;
  }

  /** Has the parts joined after a while. */
  synchronized void soon() {
    if (!due) {
      due = true;
      later.execute(this::now);
    }
  }

  /** Joins the parts unless that has been done since they were last said to have changed. */
  synchronized void now() {
    if (due) {
      due = false;
      join.run();
    }
  }
}
