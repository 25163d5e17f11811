package io.involution.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The texts of a page, read back from its markup. */
final class PageTexts {
  private static final Pattern NOT_TEXT =
      Pattern.compile("<svg.*?</svg>|<style.*?</style>", Pattern.DOTALL);
  private static final Pattern PLACED =
      Pattern.compile("<(data|span|dd)\\b[^>]*data-from=\"([^\"]*)\"[^>]*>([^<]*)</\\1>");
  private static final Pattern TEXT = Pattern.compile("<[^>]*>|([^<]+)");
  private static final Pattern SPOKEN = Pattern.compile(" (?:alt|aria-label)=\"([^\"]*)\"");

  private final String page;

  PageTexts(byte[] page) {
    this.page = new String(page, StandardCharsets.UTF_8);
  }

  /**
   * A text that says where it is from.
   *
   * @param from its place
   * @param text the text
   */
  record Quoted(String from, String text) {}

  /** Texts of the files as they stand there; numbers are not among them, see PageNumbers. */
  List<Quoted> quoted() {
    List<Quoted> quoted = new ArrayList<>();
    for (Matcher matcher = PLACED.matcher(page); matcher.find(); ) {
      if (!matcher.group(1).equals("data")) {
        quoted.add(new Quoted(matcher.group(2), plain(matcher.group(3))));
      }
    }
    return quoted;
  }

  /**
   * What a reader sees beside numbers and texts that say where they are from, with digits in it.
   */
  List<String> loose() {
    String rest = PLACED.matcher(NOT_TEXT.matcher(page).replaceAll("")).replaceAll("");
    List<String> loose = new ArrayList<>();
    for (Matcher matcher = TEXT.matcher(rest); matcher.find(); ) {
      if (matcher.group(1) != null && matcher.group(1).matches("(?s).*\\d.*")) {
        loose.add(plain(matcher.group(1)).strip());
      }
    }
    return loose;
  }

  /** What a reader hears of pictures and charts, with digits in it. */
  List<String> spoken() {
    List<String> spoken = new ArrayList<>();
    for (Matcher matcher = SPOKEN.matcher(page); matcher.find(); ) {
      String text = plain(matcher.group(1));
      if (text.matches(".*\\d.*")) {
        spoken.add(text);
      }
    }
    return spoken;
  }

  private static String plain(String text) {
    return text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }
}
