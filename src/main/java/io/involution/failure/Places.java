package io.involution.failure;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Shows files and errors to users without the secrets that a URI may contain. */
public final class Places {
  private Places() {}

  /**
   * A URI, or a text with URIs, with user information and secret values replaced by {@code ***}.
   */
  public static String shown(String text) {
    return Secrets.hidden(text);
  }

  /** Why something failed, as one short line. */
  public static String reason(Throwable failure) {
    String message = failure.getMessage() == null ? "" : failure.getMessage();
    String line = message.lines().findFirst().orElse("").strip();
    String type = failure.getClass().getSimpleName();
    return shown(line.isEmpty() ? type : type + ": " + line);
  }

  /** A failure with its stack trace and causes, for bugs of the job itself. */
  public static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return shown(text.toString());
  }
}
