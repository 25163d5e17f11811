package io.involution.cuda.layer;

/**
 * A layer of a network on a device. Its memory and kernels are there after construction; what
 * follows only enqueues kernels, so that it can be recorded. The number of examples is read by the
 * kernels themselves from the step's header.
 */
public interface DeviceLayer extends AutoCloseable {
  /**
   * Enqueues the kernels that make the output of the input.
   *
   * @param training whether statistics are the minibatch's and the running ones are moved
   */
  void forward(boolean training);

  /**
   * Enqueues the kernels that make, of the output's gradient, the gradients of its parameters (sums
   * over the minibatch) and of its input, unless nobody wants the latter.
   */
  void backward();

  /** What it makes. */
  Activations output();

  /** Frees its memory on the device. */
  @Override
  void close();
}
