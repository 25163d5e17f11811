package io.involution.plan;

import java.util.List;

/**
 * Median and range of repeated measurements, in seconds.
 *
 * @param median the middle one, or the average of the two middle ones
 * @param least the smallest
 * @param most the largest
 */
public record Timing(double median, double least, double most) {

  /**
   * Summarizes measurements.
   *
   * @throws IllegalArgumentException if there are none
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
