package io.involution.failure;

/**
 * A run has ended before it was complete, as it was told to, and can be resumed. The driver prints
 * the line and ends with exit code 3.
 */
public class RunStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Stops a run.
   *
   * @param message one line: what stopped, why, and how to go on
   */
  public RunStoppedException(String message) {
    super(message);
  }
}
