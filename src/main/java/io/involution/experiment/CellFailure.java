package io.involution.experiment;

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
        .orElseGet(
            () -> {
              RunFailedException failed = find(failure, RunFailedException.class);
              return failed == null ? Places.reason(cause(failure)) : failed.getMessage();
            });
  }

  /**
   * Whether a retry could succeed: invalid input stays invalid, and a diverged run diverges again.
   */
  static boolean mayPass(Throwable failure) {
    return TaskFailures.inputLine(failure).isEmpty()
        && find(failure, DivergenceException.class) == null;
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof ResumableException ? failure.getCause() : failure;
  }

  private static <T extends Throwable> T find(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
