package io.involution.failure;

/**
 * A run failed for a reason that may pass, and has a checkpoint. The driver prints the reason of
 * the cause and how to resume, and exits with code 3.
 */
public final class ResumableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Ends a run that can be resumed.
   *
   * @param how what to do to resume it
   * @param cause why it ended
   */
  public ResumableException(String how, Throwable cause) {
    super(how, cause);
  }
}
