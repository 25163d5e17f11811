package io.involution.report.page;

import java.util.List;

/** A table with a caption, column headings and row headings. */
final class Table {
  private final Html head = Html.of("thead");
  private final Html body = Html.of("tbody");
  private final Html table;

  /** Starts a table; the first heading is for the column of row headings. */
  Table(String caption, List<String> columns) {
    this(caption, columns, List.of());
  }

  /**
   * Starts a table whose columns after the first form groups of equal size.
   *
   * @param groups headings of the groups; empty if there are no groups
   */
  Table(String caption, List<String> columns, List<String> groups) {
    if (!groups.isEmpty()) {
      int span = (columns.size() - 1) / groups.size();
      Html row = Html.of("tr").style("groups").add(Html.of("td"));
      for (String group : groups) {
        row.add(Html.of("th", group).with("scope", "colgroup").with("colspan", span));
      }
      head.add(row);
    }
    Html row = Html.of("tr");
    for (String column : columns) {
      row.add(Html.of("th").with("scope", "col").add(Html.of("span", column)));
    }
    table = Html.of("table").add(Html.of("caption", caption), head.add(row));
  }

  /** Gives the table a class of the style sheet. */
  Table style(String className) {
    table.style(className);
    return this;
  }

  /** Adds a row of numbers. */
  Table values(String name, List<Value> values) {
    return values(Html.of("span", name), values);
  }

  /** Adds a row of numbers. */
  Table values(Html name, List<Value> values) {
    return row(name, values.stream().map(Value::html).toList());
  }

  /** Adds a row. */
  Table row(String name, List<Html> cells) {
    return row(Html.of("span", name), cells);
  }

  /** Adds a row. */
  Table row(Html name, List<Html> cells) {
    Html row = Html.of("tr").add(Html.of("th").with("scope", "row").add(name));
    for (Html cell : cells) {
      row.add(Html.of("td").add(cell));
    }
    body.add(row);
    return this;
  }

  /** Adds a row of texts. */
  Table texts(String name, List<String> cells) {
    return row(name, cells.stream().map(cell -> Html.of("span", cell)).toList());
  }

  /** The table, in a frame that scrolls horizontally if the page is too narrow for it. */
  Html html(String label) {
    return Html.of("div")
        .style("scroll")
        .with("role", "region")
        .with("aria-label", label)
        .with("tabindex", "0")
        .add(table.add(body));
  }
}
