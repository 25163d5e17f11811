package io.involution.report.chart;

import java.util.Arrays;
import java.util.List;

/**
 * Maps numbers to colors.
 *
 * @param from the number of the first color
 * @param to the number of the last color
 * @param diverging whether the middle has a color of its own, for numbers around 0
 */
public record ColorScale(double from, double to, boolean diverging) {
  /** From dark to bright, so that it is readable without colors too. */
  private static final int[] RISING = {0x141852, 0x2c58a0, 0x3c9696, 0x96c462, 0xfae45c};

  /** Blue below 0, orange above 0, nearly white at 0. */
  private static final int[] DIVERGING = {0x17458f, 0x6f9fd8, 0xf4f4f2, 0xe59a55, 0x9a4200};

  /** Share of the numbers at each end that are clipped to the scale's end color. */
  private static final double BEYOND = 0.02;

  /**
   * A scale over the numbers of some grids, without the few smallest and largest: outliers would
   * leave all other numbers the same color.
   */
  public static ColorScale over(List<double[][]> grids) {
    double[] sorted = sorted(grids);
    int beyond = (int) (BEYOND * sorted.length);
    return sorted.length == 0
        ? new ColorScale(0, 1, false)
        : new ColorScale(sorted[beyond], sorted[sorted.length - 1 - beyond], false);
  }

  /** A scale with 0 in the middle over all numbers of some grids. */
  public static ColorScale aroundZero(List<double[][]> grids) {
    double[] sorted = sorted(grids);
    double most =
        sorted.length == 0 ? 1 : Math.max(Math.abs(sorted[0]), Math.abs(sorted[sorted.length - 1]));
    return new ColorScale(-most, most, true);
  }

  private static double[] sorted(List<double[][]> grids) {
    return grids.stream()
        .flatMap(Arrays::stream)
        .flatMapToDouble(Arrays::stream)
        .filter(Double::isFinite)
        .sorted()
        .toArray();
  }

  /** The color of a number, 0xRRGGBB; gray if it is NaN or infinite. */
  public int rgb(double value) {
    if (!Double.isFinite(value)) {
      return 0x808080;
    }
    int[] colors = diverging ? DIVERGING : RISING;
    double share = to > from ? Math.min(1, Math.max(0, (value - from) / (to - from))) : 0.5;
    double place = share * (colors.length - 1);
    int low = Math.min(colors.length - 2, (int) place);
    return mix(colors[low], colors[low + 1], place - low);
  }

  /** A row of evenly spaced numbers from the scale's start to its end, for a color bar. */
  public double[][] bar(int steps) {
    double[] row = new double[steps];
    Arrays.setAll(row, i -> from + (to - from) * i / (steps - 1));
    return new double[][] {row};
  }

  private static int mix(int first, int second, double share) {
    int mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      int a = first >> shift & 0xff;
      int b = second >> shift & 0xff;
      mixed |= (int) Math.round(a + (b - a) * share) << shift;
    }
    return mixed;
  }
}
