package io.involution.failure;

import java.util.Locale;
import java.util.function.IntPredicate;

/** Text that cannot steer a terminal: names of files, layers, and settings may contain anything. */
public final class PlainText {
  private PlainText() {}

  /** A text on one line of ASCII, for what is quoted from a file that may hold anything. */
  public static String ascii(String text) {
    return escaped(text, character -> character < ' ' || character > '~');
  }

  /** A text of one or more lines, with control characters written as {@code \}{@code u001b}. */
  public static String lines(String text) {
    return escaped(text, character -> character != '\n' && steers(character));
  }

  /** A text on one line, with control characters and line breaks written as codes. */
  public static String line(String text) {
    return escaped(text, PlainText::steers);
  }

  /**
   * Whether a character moves, colors or hides what follows, breaks the line, or turns the
   * direction of text; not the tab.
   */
  public static boolean steers(int character) {
    return character != '\t'
        && (Character.isISOControl(character)
            || character == 0x61c
            || character == 0x200e
            || character == 0x200f
            || (character >= 0x2028 && character <= 0x202e)
            || (character >= 0x2066 && character <= 0x2069));
  }

  private static String escaped(String text, IntPredicate controls) {
    if (text.chars().noneMatch(controls)) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (controls.test(character)) {
        plain.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
      } else {
        plain.append(character);
      }
    }
    return plain.toString();
  }
}
