package io.involution.report;

import io.involution.failure.PlainText;
import java.util.regex.Pattern;

/** Text as a cell of comma-separated values that a spreadsheet takes for text too. */
public final class CsvCell {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?\\d{1,20}(\\.\\d{1,20})?(E-?\\d{1,3})?");

  /** As a spreadsheet takes them, in the wide letters of East Asia too. */
  private static final String FORMULA = "=+-@\t＝＋－＠";

  private static final Pattern QUOTED = Pattern.compile("[\",\t]");

  private CsvCell() {}

  /**
   * The cell of a text: an apostrophe stands before what a spreadsheet would compute, codes for
   * line breaks and control characters; numbers stay numbers.
   */
  public static String of(String value) {
    String text = PlainText.line(value);
    boolean formula = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
    String cell = formula && !NUMBER.matcher(text).matches() ? "'" + text : text;
    return QUOTED.matcher(cell).find() ? "\"" + cell.replace("\"", "\"\"") + "\"" : cell;
  }
}
