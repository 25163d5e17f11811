package io.involution.failure;

import java.util.Locale;
import java.util.regex.Pattern;

/** Text that cannot steer a terminal: names of files, layers, and settings may contain anything. */
public final class PlainText {
  /** Control characters other than the tab, and those that reverse the direction of text. */
  private static final Pattern CONTROLS =
      Pattern.compile("[\\p{Cntrl}\\x80-\\x9f\\u2028-\\u202e\\u2066-\\u2069&&[^\\t]]");

  private static final Pattern CONTROLS_BUT_LINE_BREAKS =
      Pattern.compile("[\\p{Cntrl}\\x80-\\x9f\\u2028-\\u202e\\u2066-\\u2069&&[^\\t\\n]]");

  private static final Pattern BEYOND_ASCII = Pattern.compile("[^ -~]");

  private PlainText() {}

  /** A text on one line of ASCII, for what is quoted from a file that may hold anything. */
  public static String ascii(String text) {
    return escaped(BEYOND_ASCII, text);
  }

  /** A text of one or more lines, with control characters written as {@code \}{@code u001b}. */
  public static String lines(String text) {
    return escaped(CONTROLS_BUT_LINE_BREAKS, text);
  }

  /** A text on one line, with control characters and line breaks written as codes. */
  public static String line(String text) {
    return escaped(CONTROLS, text);
  }

  private static String escaped(Pattern controls, String text) {
    return controls
        .matcher(text)
        .replaceAll(
            found -> String.format(Locale.ROOT, "\\\\u%04x", (int) found.group().charAt(0)));
  }
}
