package io.involution.failure;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Pattern;

/** Shows files and errors to users without the secrets that a URI may contain. */
public final class Places {
  /**
   * The user information before the host, up to the last {@code @} of a word if it contains a
   * password rather than a port: keys of object stores contain slashes.
   */
  private static final Pattern USER_INFO =
      Pattern.compile("(\\w://)(?:[^/\\s]+@|[^/\\s:@]*:(?!\\d{1,5}(?:[/?#,;\"')\\]]|\\s|$))\\S*@)");

  /** Values that Spark hides too (spark.redaction.regex), and signatures of signed URIs. */
  private static final Pattern VALUE =
      Pattern.compile(
          "(?i)([\\w.-]*(?:secret|password|token|access[.]?key|signature)[\\w.-]*=|[?&]sig=)[^\\s&,;\"')]+");

  private static final String HIDDEN = "$1***";

  private Places() {}

  /**
   * A URI, or a text with URIs, with user information and secret values replaced by {@code ***}.
   */
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

  /** A failure with its stack trace and causes, for bugs of the job itself. */
  public static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return shown(text.toString());
  }
}
