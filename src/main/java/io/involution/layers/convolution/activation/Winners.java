package io.involution.layers.convolution.activation;

/**
 * Choices among the outputs of a pooling window. Choices between values are maxima and those
 * between numbers conditional moves: no branches, which would keep loops scalar.
 */
public final class Winners {
  /** Mark of an output that the ReLU cut off; the bit that no winner has. */
  public static final byte INACTIVE = 4;

  private Winners() {}

  /** The largest of four. */
  public static float largest(float a, float b, float c, float d) {
    return Math.max(Math.max(a, b), Math.max(c, d));
  }

  /** Which of four is the largest, the first of equals. */
  public static int place(float a, float b, float c, float d) {
    int inUpper = b > a ? 1 : 0;
    int inLower = d > c ? 3 : 2;
    return Math.max(c, d) > Math.max(a, b) ? inLower : inUpper;
  }

  /** The mark of an output that came from a place. */
  public static byte mark(float value, float floor, int place) {
    return (byte) (value <= floor ? INACTIVE : place);
  }

  /** Four independent sums: with a single one, each addition would wait for the previous one. */
  public static double sum(float[] values, int at, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = at;
    for (; i + 3 < at + count; i += 4) {
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
    }
    for (; i < at + count; i++) {
      a += values[i];
    }
    return ((double) a + b) + (c + d);
  }

  /** The value where the mask is all ones, zero where it is zero: a choice without a branch. */
  public static float keep(float value, int mask) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) & mask);
  }

  /** The largest of four. */
  public static double largest(double a, double b, double c, double d) {
    return Math.max(Math.max(a, b), Math.max(c, d));
  }

  /** Which of four is the largest, the first of equals. */
  public static int place(double a, double b, double c, double d) {
    int inUpper = b > a ? 1 : 0;
    int inLower = d > c ? 3 : 2;
    return Math.max(c, d) > Math.max(a, b) ? inLower : inUpper;
  }

  /** The mark of an output that came from a place. */
  public static byte mark(double value, double floor, int place) {
    return (byte) (value <= floor ? INACTIVE : place);
  }

  /** Four independent sums: with a single one, each addition would wait for the previous one. */
  public static double sum(double[] values, int at, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = at;
    for (; i + 3 < at + count; i += 4) {
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
    }
    for (; i < at + count; i++) {
      a += values[i];
    }
    return (a + b) + (c + d);
  }
}
