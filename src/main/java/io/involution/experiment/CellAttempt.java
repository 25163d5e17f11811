package io.involution.experiment;

import io.involution.failure.RunStoppedException;
import io.involution.metrics.ModelResult;
import io.involution.metrics.RunRecord;
import io.involution.run.Claim;
import io.involution.run.Deadline;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * The work of one process on a cell that it has claimed: its attempts, and their rows in the
 * ledger.
 */
final class CellAttempt {
  private final ExperimentFolder folder;
  private final Ledger ledger;
  private final CellTrainer trainer;
  private final Progress progress;
  private final Cell cell;
  private final Claim claim;

  /** When the last attempt began. */
  private long begin = System.nanoTime();

  private LedgerRow row;
  private boolean over;

  /** Prepares work on a cell, given its latest row in the ledger. */
  CellAttempt(Tools tools, Cell cell, Claim claim, LedgerRow known) {
    this.folder = tools.folder();
    this.ledger = tools.ledger();
    this.trainer = tools.trainer();
    this.progress = tools.progress();
    this.cell = cell;
    this.claim = claim;
    this.row = known;
  }

  /**
   * What all attempts share.
   *
   * @param folder the experiment's folder
   * @param ledger its ledger
   * @param trainer trains the cell
   * @param progress prints progress messages
   */
  record Tools(ExperimentFolder folder, Ledger ledger, CellTrainer trainer, Progress progress) {}

  /**
   * Attempts the cell until it is complete or stopped, or has failed too often.
   *
   * @return the final state; RUNNING if the process ends instead
   */
  CellState run(int retries, Deadline deadline) {
    for (int left = retries; ; left--) {
      begin();
      progress.started(cell, row.attempts());
      try {
        trainer.train(cell, folder.uri(cell.run()), deadline, line -> progress.of(cell, line));
        return end(CellState.DONE, null, results());
      } catch (RunStoppedException e) {
        return end(CellState.STOPPED, e.getMessage(), null);
        // Spark throws checked exceptions that its methods do not declare, and Hadoop an error when
        // a disk is full.
      } catch (Exception | Error e) {
        if (trainer.isClosing()) {
          return CellState.RUNNING;
        }
        if (left <= 0 || deadline.isOver() || !CellFailure.mayPass(e)) {
          return end(CellState.FAILED, CellFailure.line(e), null);
        }
        progress.of(cell, "failed, retrying: " + CellFailure.line(e));
      }
    }
  }

  /** Without the classes, which the run's own record has. */
  private Map<String, ModelResult> results() {
    Map<String, ModelResult> results = RunRecord.results(folder.run(cell.run()));
    results.replaceAll((model, result) -> result.with(null));
    return results;
  }

  /** Records, before the process ends, that the cell can be resumed. */
  void interrupt() {
    synchronized (this) {
      if (!over) {
        end(CellState.STOPPED, "stopped by a signal", null);
      }
    }
  }

  private synchronized CellState end(CellState how, String line, Map<String, ModelResult> results) {
    if (!over) {
      Double seconds = (System.nanoTime() - begin) / 1e9;
      row = row.ended(how, now(), seconds, line, results);
      ledger.write(claim, row);
      over = true;
      progress.ended(cell, row);
    }
    return how;
  }

  private synchronized void begin() {
    if (!over) {
      begin = System.nanoTime();
      row = row.running(row.attempts() + 1, now());
      ledger.write(claim, row);
    }
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
