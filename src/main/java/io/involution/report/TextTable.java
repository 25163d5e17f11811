package io.involution.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A table for a terminal: the first column is left-aligned, the others right-aligned. */
public final class TextTable {
  /** Characters that move the cursor, color what follows or turn its direction. */
  private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}]");

  private final List<List<String>> rows = new ArrayList<>();
  private final List<Integer> rules = new ArrayList<>();

  /** Adds a row; all rows have the same number of cells. */
  public TextTable row(String... cells) {
    return row(List.of(cells));
  }

  /** Adds a row; all rows have the same number of cells. */
  public TextTable row(List<String> cells) {
    rows.add(cells.stream().map(cell -> UNSEEN.matcher(cell).replaceAll("?")).toList());
    return this;
  }

  /** Draws a line under the rows added so far. */
  public TextTable rule() {
    rules.add(rows.size());
    return this;
  }

  @Override
  public String toString() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    int width = 2 * (columns - 1);
    for (int columnWidth : widths) {
      width += columnWidth;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      if (rules.contains(i)) {
        text.append("-".repeat(width)).append('\n');
      }
      text.append(line(rows.get(i), widths)).append('\n');
    }
    return text.toString();
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      String blank = " ".repeat(widths[column] - cell.length());
      line.append(column == 0 ? cell + blank : "  " + blank + cell);
    }
    return line.toString().stripTrailing();
  }
}
