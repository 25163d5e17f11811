package io.involution.compute;

/** Loops over stretches of float64 lines that may start at different places in their arrays. */
public final class DoubleLines {
  private DoubleLines() {}

  /** to += factor * from. */
  public static void addScaled(
      double[] to, int at, double factor, double[] from, int start, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] += factor * from[start + i];
    }
  }

  /** to = max(0, scale * from + shift). */
  public static void normalize(
      double[] to, int at, double scale, double shift, double[] from, int start, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = Math.max(0.0, scale * from[start + i] + shift);
    }
  }

  /** to += left * right; left starts at 0. */
  public static void addProduct(
      double[] to, int at, double[] left, double[] right, int start, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] += left[i] * right[start + i];
    }
  }

  /** to += left * right, to starting at 0. */
  public static void addProduct(
      double[] to, double[] left, int leftStart, double[] right, int rightStart, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += left[leftStart + i] * right[rightStart + i];
    }
  }

  /** The sum of a stretch, computed as two independent sums. */
  public static double sum(double[] values, int start, int count) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i + 1 < count; i += 2) {
      even += values[start + i];
      odd += values[start + i + 1];
    }
    return i < count ? even + odd + values[start + i] : even + odd;
  }

  /** The sum of the products of two stretches, computed as two independent sums. */
  public static double dot(
      double[] left, int leftStart, double[] right, int rightStart, int count) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i + 1 < count; i += 2) {
      even += left[leftStart + i] * right[rightStart + i];
      odd += left[leftStart + i + 1] * right[rightStart + i + 1];
    }
    double sum = even + odd;
    return i < count ? sum + left[leftStart + i] * right[rightStart + i] : sum;
  }
}
