package io.involution.report.chart;

import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jfree.chart.JFreeChart;
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
  private static final int TITLE = 22;

  /** Rows of a color, which is a network, at most: more fit neither on a page nor into an image. */
  private static final int MOST_ROWS = 50;

  private final XYSeriesCollection data = new XYSeriesCollection();
  private final XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
  private final List<Row> rows = new ArrayList<>();
  private double least = 1;
  private double most;

  private record Row(String label, int network, List<Double> values, double mean, double spread) {}

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
    rows.add(new Row(label, network, values, mean, spread));
    return this;
  }

  /**
   * The chart; of many rows of a color, it shows the best.
   *
   * @param label what is measured, as fractions of 1
   * @param name unique in the report
   * @param text the alternative text
   */
  public Chart draw(String label, String name, String text) {
    List<Row> best = best();
    for (int y = 0; y < best.size(); y++) {
      draw(best.get(y), y);
    }
    double margin = Math.max(0.01, (most - least) * 0.06);
    NumberAxis values = ChartStyle.axis(label, least - margin, most + margin);
    values.setNumberFormatOverride(ChartStyle.format("0.#%"));
    SymbolAxis labels = new SymbolAxis(null, best.stream().map(Row::label).toArray(String[]::new));
    ChartStyle.style(labels);
    labels.setGridBandsVisible(false);
    labels.setInverted(true);
    labels.setRange(-0.6, best.size() - 0.4);
    XYPlot plot = new XYPlot(data, values, labels, renderer);
    plot.setDomainGridlinePaint(Palette.GRID);
    plot.setDomainGridlineStroke(ChartStyle.HAIR);
    plot.setRangeGridlinesVisible(false);
    JFreeChart chart = ChartStyle.chart(plot);
    int height = REST + ROW_HEIGHT * best.size();
    if (best.size() == rows.size()) {
      return new Chart(chart, WIDTH, height, name, text);
    }
    String title =
        String.format(
            Locale.ROOT,
            "The best %d of each color; %,d left out",
            MOST_ROWS,
            rows.size() - best.size());
    ChartStyle.title(chart, title);
    return new Chart(chart, WIDTH, TITLE + height, name, text + " " + title + ".");
  }

  /** The best rows of each color, in the order in which they were added. */
  private List<Row> best() {
    Map<Integer, Integer> ranks = new HashMap<>();
    Set<Integer> best = new TreeSet<>();
    List<Integer> fromBest =
        IntStream.range(0, rows.size())
            .boxed()
            .sorted(Comparator.comparingDouble(row -> -rows.get(row).mean()))
            .toList();
    for (int row : fromBest) {
      if (ranks.merge(rows.get(row).network(), 1, Integer::sum) <= MOST_ROWS) {
        best.add(row);
      }
    }
    return best.stream().map(rows::get).toList();
  }

  private void draw(Row row, double y) {
    int line = series(List.of(row.mean() - row.spread(), row.mean() + row.spread()), y, row);
    renderer.setSeriesStroke(line, ChartStyle.SOLID);
    int dots = series(row.values(), y, row);
    renderer.setSeriesLinesVisible(dots, Boolean.FALSE);
    renderer.setSeriesShapesVisible(dots, true);
    renderer.setSeriesShapesFilled(dots, Boolean.FALSE);
    renderer.setSeriesShape(dots, new Ellipse2D.Double(-4.5, -4.5, 9, 9));
    int middle = series(List.of(row.mean()), y, row);
    renderer.setSeriesShapesVisible(middle, true);
    renderer.setSeriesShape(middle, new Rectangle2D.Double(-1.5, -10, 3, 20));
  }

  private int series(List<Double> values, double y, Row row) {
    XYSeries series = new XYSeries(data.getSeriesCount(), false);
    for (double value : values) {
      series.add(value, y);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    data.addSeries(series);
    int index = data.getSeriesCount() - 1;
    renderer.setSeriesPaint(index, Palette.series(row.network()));
    return index;
  }
}
