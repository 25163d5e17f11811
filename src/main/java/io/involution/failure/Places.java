package io.involution.failure;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Shows files and errors to users without the secrets that a URI may contain. */
public final class Places {
  private static final int MOST_CHARACTERS = 4_000;

  /** Where a stack trace begins: of Java, and of Spark's own messages. */
  private static final Pattern TRACE =
      Pattern.compile("at (?:\\[|\\S+\\()|Caused by: |Driver stacktrace:|JVM stacktrace:");

  /** The user of a URI's user information, before its password. */
  private static final Pattern USER = Pattern.compile("^([^:/]+://[^:/@]*):[^/]*@");

  private Places() {}

  /**
   * A URI, or a text with URIs, with user information and secret values replaced by {@code ***}.
   */
  public static String shown(String text) {
    return Secrets.hidden(text);
  }

  /**
   * A file's URI without its user's password. What is no secret stays, such as the container of
   * {@code abfs://container@account}, so that it still says where the file is.
   */
  public static String withoutPassword(String uri) {
    return USER.matcher(uri).replaceFirst("$1@");
  }

  /** Why something failed, as one short line. */
  public static String reason(Throwable failure) {
    String message = oneLine(failure.getMessage() == null ? "" : failure.getMessage());
    // A parser quotes the file that it could not parse.
    String line = isParser(failure) ? PlainText.ascii(message) : message;
    String type = failure.getClass().getSimpleName();
    return shown(line.isEmpty() ? type : type + ": " + line);
  }

  /** By name: ND4J brings Jackson a second time. */
  private static boolean isParser(Throwable failure) {
    for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getSimpleName().equals("JacksonException")) {
        return true;
      }
    }
    return false;
  }

  /** A message's lines up to its stack trace, joined: what matters may stand in the second one. */
  public static String oneLine(String message) {
    String joined =
        message
            .lines()
            .map(String::strip)
            .takeWhile(line -> !TRACE.matcher(line).lookingAt())
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining(" "));
    return joined.length() <= MOST_CHARACTERS
        ? joined
        : joined.substring(0, MOST_CHARACTERS) + " ...";
  }

  /** A failure with its stack trace and causes, for bugs of the job itself. */
  public static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return shown(text.toString());
  }
}
