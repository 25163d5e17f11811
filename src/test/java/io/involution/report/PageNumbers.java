package io.involution.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbers of a page, read back from its markup. */
final class PageNumbers {
  private static final Pattern DATA =
      Pattern.compile("<data value=\"([^\"]*)\" data-from=\"([^\"]*)\">([^<]*)</data>");

  private PageNumbers() {}

  /**
   * A number.
   *
   * @param value the number itself
   * @param from its place
   * @param shown what a reader sees
   */
  record Shown(double value, String from, String shown) {}

  static List<Shown> of(byte[] page) {
    Matcher matcher = DATA.matcher(new String(page, StandardCharsets.UTF_8));
    List<Shown> numbers = new ArrayList<>();
    while (matcher.find()) {
      numbers.add(
          new Shown(Double.parseDouble(matcher.group(1)), matcher.group(2), matcher.group(3)));
    }
    return numbers;
  }
}
