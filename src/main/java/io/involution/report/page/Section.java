package io.involution.report.page;

import java.util.Base64;

/** What sections of a page are made of. */
final class Section {
  private Section() {}

  /**
   * A part of the page.
   *
   * @param id where a link leads
   * @param title its heading
   * @param text what a reader should know first; empty for none
   * @param content its elements
   */
  static Html of(String id, String title, String text, Html... content) {
    Html section = Html.of("section").with("id", id).add(Html.of("h2", title));
    if (!text.isEmpty()) {
      section.add(Html.of("p", text).style("about"));
    }
    return section.add(content);
  }

  /**
   * A text of the run's files as it stands there.
   *
   * @param from the file and a JSON pointer into it
   */
  static Html quoted(String element, String text, String from) {
    return Html.of(element, text).with("data-from", from);
  }

  /** A picture pixel for pixel. */
  static Html image(byte[] png, int width, int height, String text) {
    return Html.of("img")
        .style("pixels")
        .with("src", "data:image/png;base64," + Base64.getEncoder().encodeToString(png))
        .with("width", width)
        .with("height", height)
        .with("alt", text);
  }

  /** What a line or colour of a chart means. */
  static Html key(String style, String text) {
    return Html.of("span").style("item").add(Html.of("span").style(style), Html.of("span", text));
  }

  /** Something that opens where a reader wants it. */
  static Html details(String title, Html... content) {
    return Html.of("details").add(Html.of("summary", title)).add(content);
  }
}
