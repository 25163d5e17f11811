package io.involution.report.chart;

import java.util.List;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.StackedBarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;

/** Stacked bars: a round's time by phase. */
public final class StackedBars {
  private static final int WIDTH = 480;
  private static final int BAR_HEIGHT = 46;
  private static final int REST = 56;

  private final DefaultCategoryDataset data = new DefaultCategoryDataset();
  private final List<String> parts;
  private double longest;
  private int bars;

  /** Bars with these parts, in order. */
  public StackedBars(List<String> parts) {
    this.parts = parts;
  }

  /** Adds a bar with the values of its parts. */
  public StackedBars bar(String name, List<Double> values) {
    double length = 0;
    for (int i = 0; i < parts.size(); i++) {
      data.addValue(values.get(i), parts.get(i), name);
      length += values.get(i);
    }
    longest = Math.max(longest, length);
    bars++;
    return this;
  }

  /**
   * The chart.
   *
   * @param label what is measured
   * @param name unique in the report
   * @param text the alternative text
   */
  public Chart draw(String label, String name, String text) {
    StackedBarRenderer renderer = new StackedBarRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    for (int i = 0; i < parts.size(); i++) {
      renderer.setSeriesPaint(i, Palette.phase(i));
    }
    CategoryAxis names = new CategoryAxis();
    ChartStyle.style(names);
    names.setCategoryMargin(0.35);
    NumberAxis values = ChartStyle.axis(label, 0, longest > 0 ? longest * 1.02 : 1);
    CategoryPlot plot = new CategoryPlot(data, names, values, renderer);
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    plot.setRangeGridlinePaint(Palette.GRID);
    plot.setRangeGridlineStroke(ChartStyle.HAIR);
    return new Chart(ChartStyle.chart(plot), WIDTH, REST + BAR_HEIGHT * bars, name, text);
  }
}
