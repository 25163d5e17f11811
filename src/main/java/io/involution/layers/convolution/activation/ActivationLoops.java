package io.involution.layers.convolution.activation;

import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.RealArrays;

/**
 * Bias, activation and 2x2 max-pool of lines of convolution outputs, and their backward pass. For
 * every output a mark says which of the four products of its window won (the first of equals, as
 * PyTorch and Keras do), or {@link Winners#INACTIVE} where the ReLU cut it off; a line without ReLU
 * and pool needs none. For one thread.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public interface ActivationLoops<A> {
  /** The loops of an element type, for one thread. */
  @SuppressWarnings("unchecked")
  static <A> ActivationLoops<A> of(RealArrays<A> reals) {
    return (ActivationLoops<A>)
        (reals instanceof FloatArrays ? new FloatActivationLoops() : new DoubleActivationLoops());
  }

  /**
   * Bias and activation in place.
   *
   * @param winners receives the marks; null where there is no backward pass
   */
  void activate(A values, OutputLine line, byte[] winners);

  /** The same after a 2x2 max-pool; the results are in the windows' upper left line. */
  void pool(Windows<A> windows, OutputLine line, byte[] winners);

  /** The backward pass of {@link #activate}, in place. */
  void deactivate(A gradients, OutputLine line, byte[] winners);

  /** The sum of gradients, for that of a bias. */
  double sum(A gradients, int at, int count);

  /** The backward pass of {@link #pool}: from the windows' upper left line to all four. */
  void unpool(Windows<A> windows, OutputLine line, byte[] winners);

  /** Brings the products of windows from their places to lines of windows, from 0 on. */
  void gather(A products, Places places, Windows<A> windows, int count);

  /**
   * The backward pass of {@link #gather} and {@link #pool}: sets the gradients of outputs that were
   * cut off to zero and puts each at the place of its winner.
   */
  void scatter(A gradients, OutputLine line, byte[] winners, A products, Places places);

  /**
   * Where the products of windows are: the upper left one of window {@code i} at {@code at +
   * places[i]}, its right neighbor next to it, and the lower two as far behind them as said.
   */
  @SuppressWarnings("ArrayRecordComponent") // one table, shared by all lines
  record Places(int[] of, int at, int below) {}
}
