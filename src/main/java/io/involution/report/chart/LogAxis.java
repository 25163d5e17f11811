package io.involution.report.chart;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/** A horizontal axis of decimal logarithms, whose ticks are at 1, 2 and 5 times powers of ten. */
final class LogAxis extends NumberAxis {
  private static final long serialVersionUID = 1L;

  /** An axis of more decades has ticks at powers of ten only. */
  private static final double MANY_DECADES = 2.2;

  private static final double[] STEPS = {1, 2, 5};

  /**
   * An axis.
   *
   * @param label what it measures
   * @param from decimal logarithm of its start
   * @param to decimal logarithm of its end
   */
  LogAxis(String label, double from, double to) {
    super(label);
    ChartStyle.style(this);
    setRange(from, to);
  }

  @Override
  protected List<NumberTick> refreshTicksHorizontal(
      Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {
    List<NumberTick> ticks = new ArrayList<>();
    double from = getRange().getLowerBound();
    double to = getRange().getUpperBound();
    for (int power = (int) Math.floor(from); power <= to; power++) {
      for (double step : STEPS) {
        double place = power + Math.log10(step);
        if (place >= from && place <= to && (step == 1 || to - from <= MANY_DECADES)) {
          String text = shown(step * Math.pow(10, power));
          ticks.add(new NumberTick(place, text, TextAnchor.TOP_CENTER, TextAnchor.CENTER, 0));
        }
      }
    }
    return ticks;
  }

  /** A round number with its unit: 200k, 5M. */
  static String shown(double value) {
    double rest = value;
    int unit = 0;
    while (rest >= 999.5 && unit < 4) {
      rest /= 1000;
      unit++;
    }
    String digits = rest < 0.995 ? "%.2g" : "%.0f";
    return String.format(Locale.ROOT, digits, rest) + List.of("", "k", "M", "G", "T").get(unit);
  }
}
