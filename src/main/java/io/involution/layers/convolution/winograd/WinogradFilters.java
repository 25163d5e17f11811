package io.involution.layers.convolution.winograd;

import java.util.Arrays;

/**
 * The transform of filters {@code G g G'} of {@link WinogradTransform}, and its backward pass
 * {@code G' dU G}, in float64. Lines have an element for each pair of a filter and a channel, a
 * block of pairs at a time, so that the loops become vector code and stay in the L1 cache.
 */
final class WinogradFilters {
  /** Most pairs of a block. */
  static final int BLOCK = 64;

  private static final int PIXELS = WinogradGrid.PIXELS;
  private static final int SIDE = 3;

  /** Taps of a filter. */
  private static final int TAPS = SIDE * SIDE;

  private static final double P = WinogradTransform.P;
  private static final double Q = WinogradTransform.Q;

  /** The filter transform G, {@code [point][tap]}. */
  private static final double[][] FILTER = {
    {1 / (P * P * (Q * Q)), 0, 0}, row(P, Q), row(-P, Q), row(Q, P), row(-Q, P), {0, 0, 1}
  };

  /** G by columns, each in two halves. */
  private static final double[][][] COLUMNS = new double[SIDE][PIXELS / SIDE][SIDE];

  static {
    for (int point = 0; point < PIXELS; point++) {
      for (int tap = 0; tap < SIDE; tap++) {
        COLUMNS[tap][point / SIDE][point % SIDE] = FILTER[point][tap];
      }
    }
  }

  /** The 6x6 points: {@code [row * 6 + column]}, a line each. */
  final double[][] points = new double[WinogradGrid.POINTS][BLOCK];

  private final double[][] taps = new double[TAPS][BLOCK];
  private final double[][] between = new double[PIXELS * SIDE][BLOCK];

  private static double[] row(double point, double other) {
    double scale = 1 / (2 * point * point * (point * point - other * other));
    return new double[] {scale, scale * point, scale * point * point};
  }

  /**
   * From filters to {@link #points}.
   *
   * @param filters {@code [pair][row * 3 + column]}
   * @param first pair
   * @param count pairs, at most {@link #BLOCK}
   */
  void transform(double[] filters, int first, int count) {
    for (int tap = 0; tap < TAPS; tap++) {
      for (int pair = 0; pair < count; pair++) {
        taps[tap][pair] = filters[(first + pair) * TAPS + tap];
      }
    }
    for (int i = 0; i < PIXELS; i++) {
      for (int column = 0; column < SIDE; column++) {
        combine(between[i * SIDE + column], FILTER[i], taps, column, SIDE);
      }
      for (int j = 0; j < PIXELS; j++) {
        combine(points[i * PIXELS + j], FILTER[j], between, i * SIDE, 1);
      }
    }
  }

  /** From gradients in {@link #points} to those of filters, as {@link #transform}. */
  void gradients(double[] filters, int first, int count) {
    for (int column = 0; column < SIDE; column++) {
      for (int i = 0; i < PIXELS; i++) {
        sum(between[i * SIDE + column], COLUMNS[column], points, i * PIXELS, 1);
      }
      for (int row = 0; row < SIDE; row++) {
        sum(taps[row * SIDE + column], COLUMNS[row], between, column, SIDE);
      }
    }
    for (int tap = 0; tap < TAPS; tap++) {
      for (int pair = 0; pair < count; pair++) {
        filters[(first + pair) * TAPS + tap] = taps[tap][pair];
      }
    }
  }

  /** The sum of three lines, each times a factor. */
  private static void combine(double[] to, double[] factors, double[][] lines, int at, int step) {
    double[] x = lines[at];
    double[] y = lines[at + step];
    double[] z = lines[at + 2 * step];
    double a = factors[0];
    double b = factors[1];
    double c = factors[2];
    for (int i = 0; i < BLOCK; i++) {
      to[i] = a * x[i] + b * y[i] + c * z[i];
    }
  }

  /** The sum of six lines, each times a factor, from zero on. */
  private static void sum(double[] to, double[][] factors, double[][] lines, int at, int step) {
    Arrays.fill(to, 0);
    add(to, factors[0], lines, at, step);
    add(to, factors[1], lines, at + SIDE * step, step);
  }

  /** Adds three lines, each times a factor, one after the other. */
  private static void add(double[] to, double[] factors, double[][] lines, int at, int step) {
    double[] x = lines[at];
    double[] y = lines[at + step];
    double[] z = lines[at + 2 * step];
    double a = factors[0];
    double b = factors[1];
    double c = factors[2];
    for (int i = 0; i < BLOCK; i++) {
      to[i] = to[i] + a * x[i] + b * y[i] + c * z[i];
    }
  }
}
