package io.involution.layers.convolution.winograd;

import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.RealArrays;

/**
 * The loops of {@link WinogradConvolution} over lines: one element per tile, the tiles of several
 * images and channels next to each other. All arrays of an arithmetic loop have the same index,
 * because the JIT of Java 17 vectorizes a loop only then; indexed copies first bring elements
 * there.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
interface WinogradLoops<A> {
  /** The loops of an element type. */
  @SuppressWarnings("unchecked")
  static <A> WinogradLoops<A> of(RealArrays<A> reals) {
    return (WinogradLoops<A>)
        (reals instanceof FloatArrays ? new FloatWinogradLoops() : new DoubleWinogradLoops());
  }

  /** to = a * x + b * y. */
  void combine(A to, Two<A> terms, int count);

  /** to = a * x + b * y + c * z. */
  void combine(A to, Three<A> terms, int count);

  /** sum = x + y and difference = x - y. */
  void sumAndDifference(A sum, A difference, A x, A y, int count);

  /**
   * plus = even + odd and minus = even - odd, with {@code even = x + a * y} and {@code odd = b * z
   * + c * w}.
   */
  void butterfly(A plus, A minus, EvenAndOdd<A> parts, int count);

  /** to[at + t] = from[places[t] + shift]. */
  void gather(Indexed<A> from, A to, int at, int count);

  /** to[places[t] + shift] = from[at + t]. */
  void scatter(A from, int at, Indexed<A> to, int count);

  /** to[places[t] + shift] += from[at + t]. */
  void addScattered(A from, int at, Indexed<A> to, int count);

  /** Two lines and their factors. */
  record Two<A>(double a, A x, double b, A y) {}

  /** Three lines and their factors. */
  record Three<A>(double a, A x, double b, A y, double c, A z) {}

  /** Four lines and the factors of all but the first. */
  record EvenAndOdd<A>(A x, double a, A y, double b, A z, double c, A w) {}

  /** Elements of an array at {@code places[t] + shift}, {@code t} counting tiles. */
  record Indexed<A>(A array, WinogradPlaces places, int shift) {
    int place(int t) {
      return places.of[t] + shift;
    }
  }
}
