package io.involution.failure;

/**
 * A run cannot continue: a file system that is full or unavailable, a model that has diverged, a
 * worker with an invalid result. The message is one line that names the problem and the fix; the
 * driver prints it without a stack trace and exits with code 1.
 */
public class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Ends a run.
   *
   * @param message one line: the problem, and how to fix it
   */
  public RunFailedException(String message) {
    super(message);
  }

  /**
   * Ends a run because of an exception.
   *
   * @param message one line: the problem, and how to fix it
   * @param cause the exception that ended it
   */
  public RunFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
