package io.involution.failure;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Pattern;

/** How files and their errors are shown to people: without the secrets that a URI may hold. */
public final class Places {
  /**
   * What stands before the host. Up to the last {@code @} of a word where a password follows that
   * is no port: keys of object stores have slashes in them.
   */
  private static final Pattern USER_INFO =
      Pattern.compile("(\\w://)(?:[^/\\s]+@|[^/\\s:@]*:(?!\\d{1,5}(?:[/?#,;\"')\\]]|\\s|$))\\S*@)");

  /** Values that Spark's own rule (spark.redaction.regex) hides, and signatures of signed URIs. */
  private static final Pattern VALUE =
      Pattern.compile(
          "(?i)([\\w.-]*(?:secret|password|token|access[.]?key|signature)[\\w.-]*=|[?&]sig=)[^\\s&,;\"')]+");

  private static final String HIDDEN = "$1***";

  private Places() {}

  /** A URI or a text with URIs in it, user info and secret values replaced by {@code ***}. */
  public static String shown(String text) {
    String places = USER_INFO.matcher(text).replaceAll(HIDDEN + "@");
    return VALUE.matcher(places).replaceAll(HIDDEN);
  }

  /** Why something failed, as one short line. */
  public static String reason(Throwable failure) {
    String message = failure.getMessage() == null ? "" : failure.getMessage();
    String line = message.lines().findFirst().orElse("").strip();
    String type = failure.getClass().getSimpleName();
    return shown(line.isEmpty() ? type : type + ": " + line);
  }

  /** A failure with its stack and causes, for faults of the job itself. */
  public static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return shown(text.toString());
  }
}
