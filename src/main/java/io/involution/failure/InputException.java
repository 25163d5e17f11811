package io.involution.failure;

/**
 * The user's input cannot be used: an option, a file, a folder, a device, or a cluster that is too
 * small. The message is one line that names the problem and the fix; the driver prints it without a
 * stack trace and exits with code 2.
 */
public class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Rejects an input.
   *
   * @param message one line: the problem, and how to fix it
   */
  public InputException(String message) {
    super(message);
  }

  /**
   * Rejects an input because of an exception.
   *
   * @param message one line: the problem, and how to fix it
   * @param cause the exception that the input led to
   */
  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
