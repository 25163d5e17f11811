package io.involution.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear cost: a fixed part, and a part per unit.
 *
 * @param fixed seconds, independent of the size
 * @param each seconds per unit
 */
public record Line(double fixed, double each) {

  /** Checks that both are finite and not negative. */
  public Line {
    if (!(fixed >= 0 && each >= 0 && Double.isFinite(fixed) && Double.isFinite(each))) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "a cost of %s + %s per unit", fixed, each));
    }
  }

  /**
   * A measured cost.
   *
   * @param size number of units
   * @param seconds their time
   */
  public record Point(double size, double seconds) {}

  /** The cost of a number of units, in seconds. */
  public double at(double size) {
    return fixed + each * size;
  }

  /**
   * Fits a line to measurements by the Theil-Sen estimator, which is robust to outliers: the median
   * of the slopes of all pairs, and the median of the residuals. (Sen, Estimates of the regression
   * coefficient based on Kendall's tau, 1968.) Negative estimates are noise around zero, and become
   * 0.
   *
   * @throws IllegalArgumentException if fewer than two sizes were measured
   */
  public static Line through(List<Point> points) {
    List<Double> slopes = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      for (Point other : points.subList(i + 1, points.size())) {
        double run = other.size() - points.get(i).size();
        if (run != 0) {
          slopes.add((other.seconds() - points.get(i).seconds()) / run);
        }
      }
    }
    double each = Math.max(0, Timing.of(slopes).median());
    return new Line(0, each).fixedBy(points);
  }

  /**
   * The same cost per unit, with the fixed part that other measurements show.
   *
   * @throws IllegalArgumentException if there are none
   */
  public Line fixedBy(List<Point> points) {
    List<Double> rest =
        points.stream().map(point -> point.seconds() - each * point.size()).toList();
    return new Line(Math.max(0, Timing.of(rest).median()), each);
  }
}
