package io.involution.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Stroke;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.RectangleInsets;

/** The style of all charts. */
final class ChartStyle {
  /** Labels and ticks. */
  static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

  /** A primary line of data. */
  static final Stroke SOLID = new BasicStroke(2.4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);

  /** A secondary line of data. */
  static final Stroke DASHED =
      new BasicStroke(1.8f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {5, 4}, 0);

  /** Grid lines. */
  static final Stroke HAIR = new BasicStroke(1f);

  /** An axis no longer than this shows decimals at all its ticks. */
  private static final double SMALL = 5;

  private ChartStyle() {}

  /** A chart of a plot, without margins. */
  static JFreeChart chart(Plot plot) {
    plot.setBackgroundPaint(null);
    plot.setOutlineVisible(false);
    plot.setInsets(new RectangleInsets(6, 2, 2, 14));
    JFreeChart chart = new JFreeChart(null, FONT, plot, false);
    chart.setBackgroundPaint(null);
    chart.setPadding(RectangleInsets.ZERO_INSETS);
    chart.setBorderVisible(false);
    return chart;
  }

  /** Writes a title above a chart. */
  static void title(JFreeChart chart, String text) {
    chart.setTitle(new TextTitle(text, FONT));
    chart.getTitle().setPaint(Palette.INK);
  }

  /** A numeric axis from a start, often 0, to an end. */
  static NumberAxis axis(String label, double from, double to) {
    NumberAxis axis = new NumberAxis(label);
    style(axis);
    axis.setRange(from, to);
    axis.setStandardTickUnits(new NumberTickUnitSource());
    axis.setNumberFormatOverride(format(to - from <= SMALL ? "0.0##" : "#,##0.##"));
    return axis;
  }

  /** A number format that does not depend on the machine's locale. */
  static NumberFormat format(String pattern) {
    return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
  }

  /** An axis with a given distance between its ticks. */
  static NumberAxis axis(String label, double from, double to, NumberTickUnit unit) {
    NumberAxis axis = axis(label, from, to);
    axis.setTickUnit(unit);
    return axis;
  }

  /** The font and colors of an axis. */
  static void style(Axis axis) {
    axis.setLabelFont(FONT);
    axis.setTickLabelFont(FONT);
    axis.setLabelPaint(Palette.INK);
    axis.setTickLabelPaint(Palette.INK);
    axis.setAxisLinePaint(Palette.GRID);
    axis.setTickMarksVisible(false);
    axis.setLabelInsets(new RectangleInsets(2, 2, 2, 2));
  }

  /** A transparent color. */
  static Color clear() {
    Color grid = Palette.GRID;
    return new Color(grid.getRed(), grid.getGreen(), grid.getBlue(), 0);
  }
}
