package io.involution.failure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What counts as a secret, and texts without them. Every search takes time in proportion to the
 * text, and the text is cut first.
 */
public final class Secrets {
  /** Letters that are shown of a text; a stack trace is far shorter. */
  static final int MOST = 100_000;

  /** Parts of the names whose values are secrets, in any case. */
  private static final String NAMES =
      "secret|token|credential|passw(?:or)?d|pass(?:phrase|code)|(?:pass|pwd|dsn)(?![a-z])"
          + "|signature|bearer|authorization|cookie|webhook|jaas|connection[._-]?string"
          + "|(?:access|account|api|client|encryption|license|master|private|service|session|shared"
          + "|signing|storage)[._-]?key|[._-](?:key|sas|auth|pin|otp)(?![a-z])";

  /**
   * What Spark hides in its pages and its event log: a setting whose name or value holds one of
   * these names, or whose value holds a URI with user information or a signature.
   */
  public static final String SPARK_RULE =
      "(?i)"
          + NAMES
          + "|[?&]sig=|://[^/\\s@]{0,1000}@"
          + "|://[^/\\s:@]{0,1000}:(?!\\d{1,5}(?:[/?#,;\"')\\]]|\\s|$))\\S{0,1000}@";

  private static final Pattern NAME = Pattern.compile("(?i)" + NAMES + "|^sig$");

  /** A name before an equals sign; it starts where no name goes on, so that none is read twice. */
  private static final Pattern NAMED = Pattern.compile("(?<![\\w.-])([\\w.-]++)=");

  private static final Pattern VALUE = Pattern.compile("\"[^\"]*+\"?|'[^']*+'?|[^\\s&,;\"')]++");

  private static final Pattern WORD = Pattern.compile("\\S++");

  private static final Pattern PORT =
      Pattern.compile("\\d{1,5}(?:[/?#,;\"')\\]].*+)?", Pattern.DOTALL);

  private static final String HIDDEN = "***";

  private Secrets() {}

  /**
   * A text in which {@code ***} stands for the user information of URIs and for the values of
   * secret names ({@code name=value}), cut after {@value #MOST} letters.
   */
  static String hidden(String text) {
    String shown =
        text.length() <= MOST
            ? text
            : text.substring(0, MOST) + "... (" + (text.length() - MOST) + " letters more)";
    return withoutValues(withoutUsers(shown));
  }

  private static String withoutUsers(String text) {
    if (!text.contains("://")) {
      return text;
    }
    return WORD.matcher(text)
        .replaceAll(word -> Matcher.quoteReplacement(withoutUser(word.group())));
  }

  /** A word's user information is before a host, or before its last {@code @} with a password. */
  private static String withoutUser(String word) {
    int last = word.lastIndexOf('@');
    StringBuilder shown = new StringBuilder();
    int copied = 0;
    for (int at = word.indexOf("://");
        at >= 0;
        at = word.indexOf("://", Math.max(copied, at + 3))) {
      int start = at + 3;
      int slash = word.indexOf('/', start);
      int end = word.lastIndexOf('@', slash < 0 ? word.length() : slash);
      if (end < start && last > start && hasPassword(word, start, slash)) {
        end = last;
      }
      if (end > start) {
        shown.append(word, copied, start).append(HIDDEN);
        copied = end;
      }
    }
    return shown.append(word, copied, word.length()).toString();
  }

  /** Whether a colon follows, and no port behind it. */
  private static boolean hasPassword(String word, int start, int slash) {
    int colon = word.indexOf(':', start);
    if (colon < 0 || (slash >= 0 && slash < colon)) {
      return false;
    }
    int most = Math.min(word.length(), colon + 8);
    return !PORT.matcher(word).region(colon + 1, most).matches();
  }

  private static String withoutValues(String text) {
    Matcher named = NAMED.matcher(text);
    Matcher value = VALUE.matcher(text);
    StringBuilder shown = new StringBuilder();
    int copied = 0;
    for (int from = 0; from <= text.length() && named.find(from); ) {
      from = named.end();
      value.region(from, text.length());
      if (NAME.matcher(named.group(1)).find() && value.lookingAt()) {
        shown.append(text, copied, from).append(HIDDEN);
        copied = value.end();
        from = copied;
      }
    }
    return shown.append(text, copied, text.length()).toString();
  }
}
