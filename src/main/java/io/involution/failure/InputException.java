package io.involution.failure;

import java.io.IOException;
import java.io.UncheckedIOException;

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
   * Rejects an input because of an exception. Its reason is added to the problem, if the message
   * does not have it and the input could not be read or loaded at all.
   *
   * @param message one line: the problem, and how to fix it
   * @param cause the exception that the input led to
   */
  public InputException(String message, Throwable cause) {
    super(because(message, cause), cause);
  }

  private static String because(String message, Throwable cause) {
    boolean unread =
        cause instanceof IOException
            || cause instanceof UncheckedIOException
            || cause instanceof LinkageError;
    String reason = unread ? Places.reason(Causes.root(cause)) : "";
    String told = reason.substring(reason.indexOf(": ") + 1).strip();
    int fix = message.lastIndexOf(": ");
    if (!unread || message.contains(told)) {
      return message;
    }
    return fix < 0
        ? message + " (" + reason + ")"
        : message.substring(0, fix) + " (" + reason + ")" + message.substring(fix);
  }
}
