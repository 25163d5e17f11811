package io.involution.report.page;

import java.util.List;

/** A table with a caption, heads of columns, and a head for every row. */
final class Table {
  private final Html body = Html.of("tbody");
  private final Html table;

  /** Starts a table; the first column's head is that of the row heads. */
  Table(String caption, List<String> columns) {
    Html row = Html.of("tr");
    for (String column : columns) {
      row.add(Html.of("th").with("scope", "col").add(Html.of("span", column)));
    }
    table = Html.of("table").add(Html.of("caption", caption), Html.of("thead").add(row));
  }

  /** Gives the table a class of the style sheet. */
  Table style(String className) {
    table.style(className);
    return this;
  }

  /** Adds a row of numbers. */
  Table figures(String head, List<Figure> figures) {
    return row(head, figures.stream().map(Figure::html).toList());
  }

  /** Adds a row. */
  Table row(String head, List<Html> cells) {
    Html row = Html.of("tr").add(Html.of("th", head).with("scope", "row"));
    for (Html cell : cells) {
      row.add(Html.of("td").add(cell));
    }
    body.add(row);
    return this;
  }

  /** Adds a row of texts. */
  Table texts(String head, List<String> cells) {
    return row(head, cells.stream().map(cell -> Html.of("span", cell)).toList());
  }

  /** The table, in a frame that scrolls by itself where the page is too narrow for it. */
  Html html(String label) {
    return Html.of("div")
        .style("scroll")
        .with("role", "region")
        .with("aria-label", label)
        .with("tabindex", "0")
        .add(table.add(body));
  }
}
