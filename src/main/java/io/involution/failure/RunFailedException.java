package io.involution.failure;

/**
 * A run cannot go on: a file system that is full or gone, a model that has diverged, a worker that
 * answers nonsense. The message is one line that names the thing and the fix; the driver prints it
 * without a stack trace and ends with exit code 1.
 */
public class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Ends a run.
   *
   * @param message one line: what is wrong with which thing, and what to do about it
   */
  public RunFailedException(String message) {
    super(message);
  }

  /**
   * Ends a run because of an exception.
   *
   * @param message one line: what is wrong with which thing, and what to do about it
   * @param cause what was thrown when the thing was used
   */
  public RunFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
