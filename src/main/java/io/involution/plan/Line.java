package io.involution.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * A cost with a part that is always there and a part for every unit of something.
 *
 * @param fixed seconds, whatever the size
 * @param each seconds a unit
 */
public record Line(double fixed, double each) {

  /** Checks that both are finite and not negative. */
  public Line {
    if (!(fixed >= 0 && each >= 0 && Double.isFinite(fixed) && Double.isFinite(each))) {
      throw new IllegalArgumentException("a cost of %s + %s a unit".formatted(fixed, each));
    }
  }

  /**
   * A measured cost.
   *
   * @param size number of units
   * @param seconds what they took
   */
  public record Point(double size, double seconds) {}

  /** The cost of so many units, in seconds. */
  public double at(double size) {
    return fixed + each * size;
  }

  /**
   * The line through measurements by Theil's and Sen's estimator, which a few bad measurements do
   * not move: the median of the slopes of all pairs, and the median of what is then left. (Sen,
   * Estimates of the regression coefficient based on Kendall's tau, 1968.) What comes out negative
   * is noise around nothing, and counts as 0.
   *
   * @throws IllegalArgumentException when fewer than two sizes were measured
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
   * The same cost of a unit, and the fixed part that measurements elsewhere show beside it.
   *
   * @throws IllegalArgumentException when there are none
   */
  public Line fixedBy(List<Point> points) {
    List<Double> rest =
        points.stream().map(point -> point.seconds() - each * point.size()).toList();
    return new Line(Math.max(0, Timing.of(rest).median()), each);
  }
}
