package io.involution.report.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import org.jfree.chart.JFreeChart;

/** A chart, as vectors for a page and as a picture for slides. */
public final class Chart {
  /** Pixels of the picture for a unit of the chart. */
  private static final int SCALE = 3;

  private final JFreeChart chart;
  private final int width;
  private final int height;
  private final String name;
  private final String text;

  /**
   * Wraps a chart.
   *
   * @param name unique in the report: the picture's file name without its end
   * @param text what a person hears who does not see the chart
   */
  Chart(JFreeChart chart, int width, int height, String name, String text) {
    this.chart = chart;
    this.width = width;
    this.height = height;
    this.name = name;
    this.text = text;
  }

  /** Unique in the report: the picture's file name without its end. */
  public String name() {
    return name;
  }

  /** The chart as an {@code svg} element. */
  public String svg() {
    return new SvgWriter().write(chart, width, height, name, text);
  }

  /** The chart as a PNG file on white. */
  public byte[] png() {
    BufferedImage image =
        new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.scale(SCALE, SCALE);
    chart.draw(graphics, new Rectangle2D.Double(0, 0, width, height));
    graphics.dispose();
    return Pixels.png(image);
  }
}
