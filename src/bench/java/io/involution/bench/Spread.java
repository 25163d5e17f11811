package io.involution.bench;

import io.involution.plan.Timing;
import java.util.Arrays;
import java.util.Locale;

/**
 * Median and range of measurements.
 *
 * @param median the middle one; the mean of the two middle ones when their number is even
 * @param least the smallest
 * @param most the largest
 */
public record Spread(double median, double least, double most) {

  /**
   * The spread of some measurements.
   *
   * @throws IllegalArgumentException when there are none
   */
  public static Spread of(double... measurements) {
    Timing timing = Timing.of(Arrays.stream(measurements).boxed().toList());
    return new Spread(timing.median(), timing.least(), timing.most());
  }

  /**
   * The spread of quotients taken round by round, so that what slows a whole round down cancels.
   *
   * @param dividends one a round
   * @param divisors one a round, in the same order
   */
  public static Spread ofRatios(double[] dividends, double[] divisors) {
    if (dividends.length != divisors.length) {
      throw new IllegalArgumentException(dividends.length + " rounds against " + divisors.length);
    }
    double[] ratios = new double[dividends.length];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = dividends[round] / divisors[round];
    }
    return of(ratios);
  }

  /** Median and range with a number of decimals, for example {@code 0.61 (0.58-0.66)}. */
  public String format(int decimals) {
    String number = "%." + decimals + "f";
    return String.format(
        Locale.ROOT, number + " (" + number + "-" + number + ")", median, least, most);
  }
}
