package io.involution.layers.convolution.rows;

import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.Winners;

/**
 * The loops of {@link RowConvolution} over one row of outputs.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public interface RowLoops<A> {
  /** The loops of an element type. */
  @SuppressWarnings("unchecked")
  static <A> RowLoops<A> of(RealArrays<A> reals) {
    return (RowLoops<A>)
        (reals instanceof FloatArrays ? new FloatRowLoops() : new DoubleRowLoops());
  }

  /**
   * Bias, activation and, where the row says so, 2x2 max-pool of a row of convolution outputs.
   * Stores for every output which of the four won (the first of equals, as PyTorch and Keras do),
   * or {@link Winners#INACTIVE} where the ReLU cut it off.
   */
  void activate(A products, OutputRow row, A outputs, byte[] winners);

  /**
   * The backward pass of {@link #activate}: puts each output's gradient where its winner is, and
   * sets the gradients of outputs that were cut off to zero.
   *
   * @return the sum of the gradients put, the row's part of the bias gradient
   */
  double deactivate(A outputGradients, OutputRow row, A productGradients, byte[] winners);
}
