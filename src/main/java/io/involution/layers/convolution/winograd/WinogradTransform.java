package io.involution.layers.convolution.winograd;

import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.winograd.WinogradLoops.EvenAndOdd;
import io.involution.layers.convolution.winograd.WinogradLoops.Three;
import io.involution.layers.convolution.winograd.WinogradLoops.Two;

/**
 * Winograd's minimal filtering F(4x4, 3x3) as Lavin and Gray write it ("Fast Algorithms for
 * Convolutional Neural Networks", CVPR 2016): {@code Y = A' [(G g G') * (B' d B)] A} for a tile d
 * of 6x6 pixels, a filter g of 3x3 and the 4x4 outputs Y, with 36 products in place of 144. Its
 * backward pass is its transpose: {@code dM = A dY A'}, {@code dg = G' dU G}, {@code dd = B dV B'}.
 * The interpolation points are 0, 3/4, -3/4, 3/2, -3/2 and infinity: all factors of the image and
 * output transforms are exact in float32, and the rounding error is half of that of the usual 1 and
 * 2.
 *
 * <p>Every element of a tile is a line: one element per tile, the tiles of several images, channels
 * or filters side by side. The filters' own transform is that of {@link WinogradFilters}.
 */
final class WinogradTransform<A> {
  static final double P = 0.75;
  static final double Q = 1.5;

  private static final double PP = P * P;
  private static final double QQ = Q * Q;
  private static final int PIXELS = WinogradGrid.PIXELS;
  private static final int OUTPUTS = WinogradGrid.OUTPUTS;

  /** Elements of a line; long enough for vector code to pay, short enough for the L2 cache. */
  private static final int LINE = 256;

  /** The 6x6 pixels or points: {@code [row * 6 + column]}, a line each. */
  final A[] points;

  private final WinogradLoops<A> loops;
  private final A[] between;
  private final A sum1;
  private final A difference1;
  private final A sum2;
  private final A difference2;

  /**
   * Makes the lines.
   *
   * @param reals their element type
   * @param mostTiles tiles of the largest micro-batch
   */
  WinogradTransform(RealArrays<A> reals, int mostTiles) {
    loops = WinogradLoops.of(reals);
    int mostCount = length(mostTiles);
    points = reals.lines(WinogradGrid.POINTS, mostCount);
    between = reals.lines(WinogradGrid.POINTS, mostCount);
    sum1 = reals.create(mostCount);
    difference1 = reals.create(mostCount);
    sum2 = reals.create(mostCount);
    difference2 = reals.create(mostCount);
  }

  /** Elements that a line of a micro-batch takes. */
  static int length(int mostTiles) {
    return Math.max(LINE, mostTiles);
  }

  /** Channels or filters of a micro-batch that share a line. */
  static int linesTogether(int tiles) {
    return Math.max(1, LINE / tiles);
  }

  /** B' d B in place: from 6x6 pixels to 6x6 points. */
  void pixels(int count) {
    for (int i = 0; i < PIXELS; i++) {
      pixels(points, i, between, PIXELS, count);
    }
    for (int i = 0; i < PIXELS; i++) {
      pixels(between, i * PIXELS, points, 1, count);
    }
  }

  private void pixels(A[] d, int at, A[] to, int step, int count) {
    A d0 = d[at];
    A d1 = d[at + step];
    A d2 = d[at + 2 * step];
    A d3 = d[at + 3 * step];
    A d4 = d[at + 4 * step];
    A d5 = d[at + 5 * step];
    loops.combine(to[at], new Three<>(PP * QQ, d0, -(PP + QQ), d2, 1, d4), count);
    loops.butterfly(
        to[at + step], to[at + 2 * step], new EvenAndOdd<>(d4, -QQ, d2, P, d3, -P * QQ, d1), count);
    loops.butterfly(
        to[at + 3 * step],
        to[at + 4 * step],
        new EvenAndOdd<>(d4, -PP, d2, Q, d3, -Q * PP, d1),
        count);
    loops.combine(to[at + 5 * step], new Three<>(PP * QQ, d1, -(PP + QQ), d3, 1, d5), count);
  }

  /** B dV B' in place: from gradients of 6x6 points to those of 6x6 pixels. */
  void pixelGradients(int count) {
    for (int i = 0; i < PIXELS; i++) {
      pixelGradients(points, i, between, PIXELS, count);
    }
    for (int i = 0; i < PIXELS; i++) {
      pixelGradients(between, i * PIXELS, points, 1, count);
    }
  }

  private void pixelGradients(A[] v, int at, A[] to, int step, int count) {
    A v0 = v[at];
    A v5 = v[at + 5 * step];
    sums(v, at, step, count);
    loops.combine(to[at], new Two<>(PP * QQ, v0, 0, v0), count);
    loops.combine(
        to[at + step], new Three<>(-P * QQ, difference1, -Q * PP, difference2, PP * QQ, v5), count);
    loops.combine(to[at + 2 * step], new Three<>(-(PP + QQ), v0, -QQ, sum1, -PP, sum2), count);
    loops.combine(
        to[at + 3 * step], new Three<>(P, difference1, Q, difference2, -(PP + QQ), v5), count);
    loops.combine(to[at + 4 * step], new Three<>(1, v0, 1, sum1, 1, sum2), count);
    System.arraycopy(v5, 0, to[at + 5 * step], 0, count);
  }

  private void sums(A[] m, int at, int step, int count) {
    loops.sumAndDifference(sum1, difference1, m[at + step], m[at + 2 * step], count);
    loops.sumAndDifference(sum2, difference2, m[at + 3 * step], m[at + 4 * step], count);
  }

  /** A' M A: from 6x6 points to 4x4 outputs. */
  void outputs(A[] outputs, int count) {
    for (int column = 0; column < PIXELS; column++) {
      outputs(points, new Lines(column, PIXELS), between, new Lines(column, PIXELS), count);
    }
    for (int row = 0; row < OUTPUTS; row++) {
      outputs(between, new Lines(row * PIXELS, 1), outputs, new Lines(row * OUTPUTS, 1), count);
    }
  }

  private void outputs(A[] m, Lines from, A[] y, Lines to, int count) {
    sums(m, from.at, from.step, count);
    A m5 = m[from.at + 5 * from.step];
    loops.combine(y[to.at], new Three<>(1, m[from.at], 1, sum1, 1, sum2), count);
    loops.combine(y[to.at + to.step], new Two<>(P, difference1, Q, difference2), count);
    loops.combine(y[to.at + 2 * to.step], new Two<>(PP, sum1, QQ, sum2), count);
    loops.combine(
        y[to.at + 3 * to.step],
        new Three<>(PP * P, difference1, QQ * Q, difference2, 1, m5),
        count);
  }

  /** A dY A': from gradients of 4x4 outputs to those of 6x6 points. */
  void outputGradients(A[] outputs, int count) {
    for (int column = 0; column < OUTPUTS; column++) {
      outputGradients(
          outputs, new Lines(column, OUTPUTS), between, new Lines(column, OUTPUTS), count);
    }
    for (int row = 0; row < PIXELS; row++) {
      outputGradients(
          between, new Lines(row * OUTPUTS, 1), points, new Lines(row * PIXELS, 1), count);
    }
  }

  private void outputGradients(A[] y, Lines from, A[] z, Lines to, int count) {
    A y0 = y[from.at];
    A y1 = y[from.at + from.step];
    A y2 = y[from.at + 2 * from.step];
    A y3 = y[from.at + 3 * from.step];
    System.arraycopy(y0, 0, z[to.at], 0, count);
    loops.butterfly(
        z[to.at + to.step],
        z[to.at + 2 * to.step],
        new EvenAndOdd<>(y0, PP, y2, P, y1, PP * P, y3),
        count);
    loops.butterfly(
        z[to.at + 3 * to.step],
        z[to.at + 4 * to.step],
        new EvenAndOdd<>(y0, QQ, y2, Q, y1, QQ * Q, y3),
        count);
    System.arraycopy(y3, 0, z[to.at + 5 * to.step], 0, count);
  }

  private record Lines(int at, int step) {}
}
