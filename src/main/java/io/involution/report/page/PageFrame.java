package io.involution.report.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A complete page around its sections: a single file that fetches nothing. */
public final class PageFrame {
  /**
   * Allows only the page itself: a browser neither fetches nor runs anything, even if the page
   * contains malicious names.
   */
  private static final String POLICY =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action"
          + " 'none'";

  private static final String START = "<!doctype html>\n";
  private static final String GENERATOR = "involution-spark";

  private PageFrame() {}

  /** Whether a file begins as a page of this job does. */
  public static boolean begins(byte[] file) {
    String text = new String(file, StandardCharsets.UTF_8);
    return text.startsWith(START) && text.contains(generator().toString());
  }

  private static Html generator() {
    return Html.of("meta").with("name", "generator").with("content", GENERATOR);
  }

  /**
   * Writes the page.
   *
   * @param title the window title
   * @param header the head of the page
   * @param sections its parts, in order
   */
  static byte[] of(String title, Html header, List<Html> sections) {
    Html head =
        Html.of("head")
            .add(
                Html.of("meta").with("charset", "utf-8"),
                generator(),
                Html.of("meta")
                    .with("name", "viewport")
                    .with("content", "width=device-width, initial-scale=1"),
                Html.of("meta")
                    .with("http-equiv", "Content-Security-Policy")
                    .with("content", POLICY),
                Html.of("meta").with("name", "color-scheme").with("content", "light dark"),
                Html.of("title", title),
                Html.of("style").trusted(styleSheet()));
    Html body = Html.of("body").add(header).add(Html.of("main").add(sections));
    Html page = Html.of("html").with("lang", "en").add(head, body);
    return (START + page + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String styleSheet() {
    try (InputStream in = PageFrame.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the style sheet is missing from the job jar", e);
    }
  }
}
