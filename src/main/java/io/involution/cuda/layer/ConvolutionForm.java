package io.involution.cuda.layer;

/** One way to compute a convolution block on a device; each method enqueues kernels. */
interface ConvolutionForm extends AutoCloseable {
  /** The outputs of the input, and what the backward pass must know of the pool. */
  void forward();

  /** The sums of the parameters' gradients over parts of the minibatch, of the output's. */
  void parameterGradients();

  /** The input's gradient of the output's. */
  void inputGradient();

  /** Frees memory of its own, if it has any. */
  @Override
  default void close() {}
}
