package io.involution.failure;

/**
 * A run was stopped before it was complete and can be resumed. The driver prints the message and
 * exits with code 3.
 */
public class RunStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Stops a run.
   *
   * @param message one line: what stopped, why, and how to resume it
   */
  public RunStoppedException(String message) {
    super(message);
  }
}
