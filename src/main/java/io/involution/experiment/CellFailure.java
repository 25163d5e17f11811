package io.involution.experiment;

import io.involution.failure.Causes;
import io.involution.spark.TaskFailures;
import io.involution.train.DivergenceException;

/** Why a cell failed. */
final class CellFailure {
  private CellFailure() {}

  /** The failure as one line for the ledger. */
  static String line(Throwable failure) {
    return TaskFailures.inputLine(failure).orElseGet(() -> TaskFailures.problem(failure));
  }

  /**
   * Whether a retry could succeed: invalid input stays invalid, and a diverged run diverges again.
   */
  static boolean mayPass(Throwable failure) {
    return TaskFailures.inputLine(failure).isEmpty()
        && Causes.find(failure, DivergenceException.class).isEmpty();
  }
}
