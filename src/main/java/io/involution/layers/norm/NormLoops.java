package io.involution.layers.norm;

import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.RealArrays;

/**
 * The loops of a BatchNorm over one stretch of an image, for one element type.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
interface NormLoops<A> {
  /** The loops of an element type. */
  @SuppressWarnings("unchecked")
  static <A> NormLoops<A> of(RealArrays<A> reals) {
    return (NormLoops<A>)
        (reals instanceof FloatArrays ? new FloatNormLoops() : new DoubleNormLoops());
  }

  /** Sets the values from start to end. */
  void fill(A values, int start, int end, double value);

  /** The sum from start to end, in float64. */
  double sum(A values, int start, int end);

  /** sums += d and squares += d * d, where d = values - offset. */
  void addMoments(A sums, A squares, A values, A offset, int count);

  /** to = scale * (from - center) + shift. */
  void normalize(A to, NormLines<A> lines, int count);

  /** to += more. */
  void add(A to, A more, int count);

  /** The function of each value, in place. */
  void activate(A values, Nonlinearity function, int count);

  /** gradient *= the function's slope at each value. */
  void slopes(A gradient, A values, Nonlinearity function, int count);

  /** sums += gradient and products += gradient * (input - center). */
  void addSums(NormLines<A> lines, int count);

  /** to = scale * (gradient - constant - slope * (input - center)). */
  void inputGradient(A to, NormLines<A> lines, int count);
}
