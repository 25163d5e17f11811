package io.involution.experiment;

import io.involution.failure.Causes;
import io.involution.failure.Places;
import io.involution.failure.ResumableException;
import io.involution.failure.RunFailedException;
import io.involution.spark.TaskFailures;
import io.involution.train.DivergenceException;

/** Why a cell failed. */
final class CellFailure {
  private CellFailure() {}

  /** The failure as one line for the ledger. */
  static String line(Throwable failure) {
    return TaskFailures.inputLine(failure)
        .or(() -> Causes.find(failure, RunFailedException.class).map(Throwable::getMessage))
        .orElseGet(() -> Places.reason(cause(failure)));
  }

  /**
   * Whether a retry could succeed: invalid input stays invalid, and a diverged run diverges again.
   */
  static boolean mayPass(Throwable failure) {
    return TaskFailures.inputLine(failure).isEmpty()
        && Causes.find(failure, DivergenceException.class).isEmpty();
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof ResumableException ? failure.getCause() : failure;
  }
}
