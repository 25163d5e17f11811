package io.involution.report.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jfree.chart.JFreeChart;

/** A chart: vector graphics for a page, image files for slides. */
public final class Chart {
  /** Pixels of the image per unit of the chart, unless these are too many. */
  private static final double SCALE = 3;

  /** Pixels of the image at most: they take four bytes each while it is drawn. */
  static final double MOST_PIXELS = 20_000_000;

  private final JFreeChart chart;
  private final int width;
  private final int height;
  private final String name;
  private final String text;

  /**
   * Wraps a chart.
   *
   * @param name unique in the report: the file name without its extension
   * @param text the alternative text
   */
  Chart(JFreeChart chart, int width, int height, String name, String text) {
    this.chart = chart;
    this.width = width;
    this.height = height;
    this.name = name;
    this.text = text;
  }

  /** Unique in the report: the file name without its extension. */
  public String name() {
    return name;
  }

  /** The chart as an {@code svg} element of a page, in the style sheet's colors. */
  public String svg() {
    return new SvgWriter(Palette.variables()).write(chart, width, height, name, text);
  }

  /** The chart as an SVG file on white, including its colors. */
  public byte[] svgFile() {
    return new SvgWriter(Map.of())
        .write(chart, width, height, name, text)
        .replaceFirst(
            "<svg ",
            String.format(
                Locale.ROOT,
                "<svg font-family=\"sans-serif\" font-size=\"13\" style=\"background:#fff\""
                    + " width=\"%d\" height=\"%d\" ",
                width,
                height))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The chart as a PNG file on white. */
  public byte[] png() {
    double scale = Math.min(SCALE, Math.sqrt(MOST_PIXELS / width / height));
    BufferedImage image =
        new BufferedImage(
            (int) (width * scale), (int) (height * scale), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.scale(scale, scale);
    chart.draw(graphics, new Rectangle2D.Double(0, 0, width, height));
    graphics.dispose();
    return Pixels.png(image);
  }
}
