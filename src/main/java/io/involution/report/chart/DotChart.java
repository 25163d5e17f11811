package io.involution.report.chart;

import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Values of several runs, one row per group: one dot per run, a bar at the mean, and a line for the
 * spread.
 */
public final class DotChart {
  private static final int WIDTH = 1000;
  private static final int ROW_HEIGHT = 38;
  private static final int REST = 50;

  private final XYSeriesCollection data = new XYSeriesCollection();
  private final XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
  private final List<String> rows = new ArrayList<>();
  private double least = 1;
  private double most;

  /**
   * Adds a row.
   *
   * @param label the text at its left
   * @param network the network whose color it has
   * @param values one per run
   * @param mean their mean
   * @param spread how far the line extends on both sides; 0 for none
   */
  public DotChart row(String label, int network, List<Double> values, double mean, double spread) {
    rows.add(label);
    double y = rows.size() - 1;
    int line = series(List.of(mean - spread, mean + spread), y, network);
    renderer.setSeriesStroke(line, ChartStyle.SOLID);
    int dots = series(values, y, network);
    renderer.setSeriesLinesVisible(dots, Boolean.FALSE);
    renderer.setSeriesShapesVisible(dots, true);
    renderer.setSeriesShapesFilled(dots, Boolean.FALSE);
    renderer.setSeriesShape(dots, new Ellipse2D.Double(-4.5, -4.5, 9, 9));
    int middle = series(List.of(mean), y, network);
    renderer.setSeriesShapesVisible(middle, true);
    renderer.setSeriesShape(middle, new Rectangle2D.Double(-1.5, -10, 3, 20));
    return this;
  }

  /**
   * The chart.
   *
   * @param label what is measured, as fractions of 1
   * @param name unique in the report
   * @param text the alternative text
   */
  public Chart draw(String label, String name, String text) {
    double margin = Math.max(0.01, (most - least) * 0.06);
    NumberAxis values = ChartStyle.axis(label, least - margin, most + margin);
    values.setNumberFormatOverride(ChartStyle.format("0.#%"));
    SymbolAxis labels = new SymbolAxis(null, rows.toArray(String[]::new));
    ChartStyle.style(labels);
    labels.setGridBandsVisible(false);
    labels.setInverted(true);
    labels.setRange(-0.6, rows.size() - 0.4);
    XYPlot plot = new XYPlot(data, values, labels, renderer);
    plot.setDomainGridlinePaint(Palette.GRID);
    plot.setDomainGridlineStroke(ChartStyle.HAIR);
    plot.setRangeGridlinesVisible(false);
    return new Chart(ChartStyle.chart(plot), WIDTH, REST + ROW_HEIGHT * rows.size(), name, text);
  }

  private int series(List<Double> values, double y, int network) {
    XYSeries series = new XYSeries(data.getSeriesCount(), false);
    for (double value : values) {
      series.add(value, y);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    data.addSeries(series);
    int index = data.getSeriesCount() - 1;
    renderer.setSeriesPaint(index, Palette.series(network));
    return index;
  }
}
