package io.involution.report.page;

import io.involution.evaluate.artifact.Picture;
import io.involution.report.chart.Chart;
import io.involution.report.chart.Pixels;
import io.involution.report.run.ModelData;
import java.util.Base64;
import java.util.List;

/** The building blocks of a page. */
final class Section {
  private Section() {}

  /**
   * A section of the page.
   *
   * @param id the target of a link
   * @param title its heading
   * @param text what a reader should know first; may be empty
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
   * A text quoted from the run's files.
   *
   * @param from the file and a JSON pointer into it
   */
  static Html quoted(String element, String text, String from) {
    return Html.of(element, text).with("data-from", from);
  }

  /** An example's image. */
  static Html image(Picture picture, int size, String text) {
    int longest = Math.max(picture.width(), picture.height());
    return image(
        Pixels.of(picture),
        size * picture.width() / longest,
        size * picture.height() / longest,
        text);
  }

  /** An image, pixel for pixel. */
  static Html image(byte[] png, int width, int height, String text) {
    return Html.of("img")
        .style("pixels")
        .with("src", "data:image/png;base64," + Base64.getEncoder().encodeToString(png))
        .with("width", width)
        .with("height", height)
        .with("alt", text);
  }

  /** An entry of a legend. */
  static Html key(String style, String text) {
    return Html.of("span").style("item").add(Html.of("span").style(style), Html.of("span", text));
  }

  /** A legend of such entries. */
  static Html legend(Html... entries) {
    return Html.of("p").style("legend").with("aria-hidden", "true").add(entries);
  }

  /**
   * A chart with its caption; it joins the charts that become files of their own.
   *
   * @param caption the element above it
   * @param charts the page's charts so far
   * @param between what stands between the caption and the chart
   */
  static Html chart(Chart chart, Html caption, List<Chart> charts, Html... between) {
    charts.add(chart);
    return Html.of("figure")
        .add(caption)
        .add(between)
        .add(Html.of("div").style("chart").trusted(chart.svg()));
  }

  /** Text about one network, after a dot in the network's color. */
  static Html dotted(String element, ModelData model, String text) {
    Html dot = Html.of("span").style("dot " + series(model));
    return Html.of(element).add(dot).add(Html.of("span", text));
  }

  /** The class of the style sheet that holds a network's color. */
  static String series(ModelData model) {
    return series(model.color());
  }

  /** The class of a color, from 0. */
  static String series(int color) {
    return "series-" + (color + 1);
  }

  /** Content that opens when the reader wants it. */
  static Html details(String title, Html... content) {
    return Html.of("details").add(Html.of("summary", title)).add(content);
  }
}
