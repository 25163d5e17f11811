package io.involution.train.average;

import io.involution.failure.RunFailedException;
import io.involution.train.DivergenceException;
import java.io.Serializable;

/**
 * Why an update may not enter the average, as a value that a task can send to the driver: an
 * exception would have Spark try the task three times more.
 *
 * @param kind which exception it becomes
 * @param message the exception's message
 */
public record UpdateFault(Kind kind, String message) implements Serializable {
  /** The exceptions there are. */
  public enum Kind {
    /** A {@link DivergenceException}. */
    DIVERGED,
    /** A {@link RunFailedException}: not of this round or of this model's size. */
    UNFIT,
    /** An {@link IllegalArgumentException}: updates that do not belong together. */
    MISMATCHED
  }

  /** The exception, for the driver to throw. */
  public RuntimeException exception() {
    return switch (kind) {
      case DIVERGED -> new DivergenceException(message);
      case UNFIT -> new RunFailedException(message);
      case MISMATCHED -> new IllegalArgumentException(message);
    };
  }
}
