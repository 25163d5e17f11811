package io.involution.config;

import java.util.regex.Pattern;

/** How files and their errors are shown to people: without the secrets that a URI may hold. */
public final class Places {
  private static final Pattern USER_INFO = Pattern.compile("(\\w+://)[^/\\s]+@");

  private Places() {}

  /** A URI or a text with URIs in it, user info replaced by {@code ***}. */
  public static String shown(String text) {
    return USER_INFO.matcher(text).replaceAll("$1***@");
  }

  /** Why something failed, as one short line. */
  public static String reason(Throwable failure) {
    String message = failure.getMessage() == null ? "" : failure.getMessage();
    String line = message.lines().findFirst().orElse("").strip();
    String type = failure.getClass().getSimpleName();
    return shown(line.isEmpty() ? type : type + ": " + line);
  }
}
