package io.involution.failure;

/**
 * Something that the user gave cannot be used: an option, a file, a folder, a device, a cluster too
 * small. The message is one line that names the thing and the fix; the driver prints it without a
 * stack trace and ends with exit code 2.
 */
public class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Refuses an input.
   *
   * @param message one line: what is wrong with which thing, and what to do about it
   */
  public InputException(String message) {
    super(message);
  }

  /**
   * Refuses an input because of an exception.
   *
   * @param message one line: what is wrong with which thing, and what to do about it
   * @param cause what was thrown when the thing was used
   */
  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
