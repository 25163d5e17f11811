package io.involution.report.chart;

import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Line charts: learning curves, and rounds over time. */
public final class LineChart {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 290;

  /** The label of an axis with whole numbers. */
  public static final String EPOCH = "epoch";

  /** How far a label is above the end of its line, as a fraction of the axis. */
  private static final double LABEL_RISE = 0.02;

  /** Distance between grid lines if the values are percentages. */
  private static final double PERCENT_STEP = 0.2;

  private final XYSeriesCollection data = new XYSeriesCollection();
  private final XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
  private final List<ValueMarker> horizontal = new ArrayList<>();
  private final List<ValueMarker> vertical = new ArrayList<>();
  private final List<XYTextAnnotation> labels = new ArrayList<>();
  private final Axis x;
  private final Axis y;
  private String title;

  /**
   * Starts a chart.
   *
   * @param x the horizontal axis
   * @param y the vertical axis
   */
  public LineChart(Axis x, Axis y) {
    this.x = x;
    this.y = y;
    renderer.setDrawSeriesLineAsPath(true);
  }

  /**
   * An axis.
   *
   * @param label what it measures
   * @param from its start
   * @param to its end
   * @param percent whether its values are fractions of 1, shown in percent
   */
  public record Axis(String label, double from, double to, boolean percent) {
    private NumberAxis draw() {
      NumberAxis axis = ChartStyle.axis(label, from, to > from ? to : from + 1);
      if (label.equals(EPOCH)) {
        axis.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
        axis.setNumberFormatOverride(ChartStyle.format("0"));
      }
      if (percent) {
        axis.setNumberFormatOverride(ChartStyle.format("0%"));
        axis.setTickUnit(new NumberTickUnit(PERCENT_STEP));
      }
      return axis;
    }
  }

  /** A point on a line. */
  public record Point(double x, double y) {}

  /**
   * Adds a line.
   *
   * @param name the name of its data
   * @param network the network whose color it has
   * @param dashed whether it is secondary
   * @param points in order
   */
  public LineChart line(String name, int network, boolean dashed, List<Point> points) {
    add(name, points, Palette.series(network));
    int index = data.getSeriesCount() - 1;
    renderer.setSeriesStroke(index, dashed ? ChartStyle.DASHED : ChartStyle.SOLID);
    if (points.size() == 1) {
      renderer.setSeriesShapesVisible(index, true);
      renderer.setSeriesShape(index, new Ellipse2D.Double(-4, -4, 8, 8));
    }
    return this;
  }

  /** Writes a network's name at the end of its line. */
  public LineChart label(Point end, String text, int network) {
    XYTextAnnotation label =
        new XYTextAnnotation(text + "  ", end.x(), end.y() + LABEL_RISE * (y.to() - y.from()));
    label.setTextAnchor(TextAnchor.BOTTOM_RIGHT);
    label.setFont(ChartStyle.FONT);
    label.setPaint(Palette.series(network));
    labels.add(label);
    return this;
  }

  /** Writes a title above the chart. */
  public LineChart title(String text) {
    title = text;
    return this;
  }

  /** Marks a value with a dashed line from left to right. */
  public LineChart level(double value) {
    horizontal.add(new ValueMarker(value, Palette.NOTE, ChartStyle.DASHED));
    return this;
  }

  /**
   * Marks a time with a vertical line.
   *
   * @param alert whether something went wrong at that time
   */
  public LineChart moment(double value, String label, boolean alert) {
    ValueMarker marker = marker(value, label, alert ? Palette.ALERT : Palette.NOTE);
    marker.setLabelAnchor(RectangleAnchor.TOP_LEFT);
    marker.setLabelTextAnchor(TextAnchor.TOP_RIGHT);
    vertical.add(marker);
    return this;
  }

  /**
   * The chart.
   *
   * @param name unique in the report
   * @param text the alternative text
   */
  public Chart draw(String name, String text) {
    XYPlot plot = new XYPlot(data, x.draw(), y.draw(), renderer);
    plot.setDomainGridlinesVisible(false);
    plot.setRangeGridlinePaint(Palette.GRID);
    plot.setRangeGridlineStroke(ChartStyle.HAIR);
    horizontal.forEach(plot::addRangeMarker);
    vertical.forEach(plot::addDomainMarker);
    labels.forEach(plot::addAnnotation);
    JFreeChart chart = ChartStyle.chart(plot);
    if (title != null) {
      ChartStyle.title(chart, title);
    }
    return new Chart(chart, WIDTH, HEIGHT, name, text);
  }

  private void add(String name, List<Point> points, Color color) {
    // Names may repeat within a chart, but the keys of its data must be unique.
    XYSeries series = new XYSeries(data.getSeriesCount() + " " + name, false);
    points.forEach(point -> series.add(point.x(), point.y()));
    data.addSeries(series);
    renderer.setSeriesPaint(data.getSeriesCount() - 1, color);
  }

  private static ValueMarker marker(double value, String label, Color color) {
    ValueMarker marker = new ValueMarker(value, color, ChartStyle.DASHED);
    marker.setLabel(label);
    marker.setLabelFont(ChartStyle.FONT);
    marker.setLabelPaint(color);
    marker.setLabelBackgroundColor(ChartStyle.clear());
    marker.setAlpha(1f);
    return marker;
  }
}
