package io.involution.report.chart;

import java.awt.geom.Ellipse2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** One point per network: its accuracy against what it costs, on a logarithmic axis. */
public final class PointChart {
  private static final int WIDTH = 420;
  private static final int HEIGHT = 290;

  /** Lines of text that fit one above the other between the axes' ends. */
  private static final double LINES = 12;

  /** How far a label is from its point, as a part of the axis. */
  private static final double ASIDE = 0.025;

  /** How much wider than the points the axis is, on both sides, in decades. */
  private static final double AROUND = 0.35;

  private final List<Point> points = new ArrayList<>();

  private record Point(String name, int network, double logarithm, double y) {}

  /**
   * Adds a point.
   *
   * @param name what is written beside it
   * @param network the network whose color it has
   * @param x its cost, above 0
   * @param y its accuracy, as a fraction of 1
   */
  public PointChart point(String name, int network, double x, double y) {
    points.add(new Point(name, network, Math.log10(x), y));
    return this;
  }

  /**
   * The chart; it has at least one point.
   *
   * @param cost what the horizontal axis measures
   * @param name unique in the report
   * @param text the alternative text
   */
  public Chart draw(String cost, String name, String text) {
    NumberAxis x =
        new LogAxis(
            cost,
            points.stream().mapToDouble(Point::logarithm).min().orElseThrow() - AROUND,
            points.stream().mapToDouble(Point::logarithm).max().orElseThrow() + AROUND);
    NumberAxis y = accuracy();
    XYSeriesCollection data = new XYSeriesCollection();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
    for (Point point : points) {
      XYSeries series = new XYSeries(data.getSeriesCount(), false);
      series.add(point.logarithm(), point.y());
      data.addSeries(series);
      int index = data.getSeriesCount() - 1;
      renderer.setSeriesPaint(index, Palette.series(point.network()));
      renderer.setSeriesShape(index, new Ellipse2D.Double(-5, -5, 10, 10));
    }
    XYPlot plot = new XYPlot(data, x, y, renderer);
    plot.setDomainGridlinePaint(Palette.GRID);
    plot.setDomainGridlineStroke(ChartStyle.HAIR);
    plot.setRangeGridlinePaint(Palette.GRID);
    plot.setRangeGridlineStroke(ChartStyle.HAIR);
    label(plot, x, y);
    return new Chart(ChartStyle.chart(plot), WIDTH, HEIGHT, name, text);
  }

  private NumberAxis accuracy() {
    double least = points.stream().mapToDouble(Point::y).min().orElseThrow();
    double most = points.stream().mapToDouble(Point::y).max().orElseThrow();
    double margin = Math.max(0.01, (most - least) * 0.25);
    NumberAxis axis =
        ChartStyle.axis("test accuracy", Math.max(0, least - margin), Math.min(1, most + margin));
    axis.setNumberFormatOverride(ChartStyle.format("0.#%"));
    return axis;
  }

  /** Names to the right of points in the left half, and to the left of the others. */
  private void label(XYPlot plot, NumberAxis x, NumberAxis y) {
    double[] heights =
        Apart.of(
            points.stream().map(Point::y).toList(),
            y.getRange().getLength() / LINES,
            y.getRange().getUpperBound() - y.getRange().getLength() / LINES / 2);
    for (int i = 0; i < heights.length; i++) {
      Point point = points.get(i);
      boolean left = point.logarithm() <= x.getRange().getCentralValue();
      double aside = ASIDE * x.getRange().getLength() * (left ? 1 : -1);
      XYTextAnnotation label =
          new XYTextAnnotation(point.name(), point.logarithm() + aside, heights[i]);
      label.setTextAnchor(left ? TextAnchor.CENTER_LEFT : TextAnchor.CENTER_RIGHT);
      label.setFont(ChartStyle.FONT);
      label.setPaint(Palette.series(point.network()));
      plot.addAnnotation(label);
    }
  }
}
