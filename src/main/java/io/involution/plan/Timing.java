package io.involution.plan;

import java.util.List;

/**
 * Median and range of repeated measurements, in seconds.
 *
 * @param median the middle one; the mean of the two middle ones when their number is even
 * @param least the smallest
 * @param most the largest
 */
public record Timing(double median, double least, double most) {

  /**
   * The timing of some measurements.
   *
   * @throws IllegalArgumentException when there are none
   */
  public static Timing of(List<Double> seconds) {
    if (seconds.isEmpty()) {
      throw new IllegalArgumentException("no measurements");
    }
    List<Double> sorted = seconds.stream().sorted().toList();
    int upper = sorted.size() / 2;
    int lower = (sorted.size() - 1) / 2;
    return new Timing(
        (sorted.get(lower) + sorted.get(upper)) / 2, sorted.get(0), sorted.get(sorted.size() - 1));
  }
}
