package io.involution.cuda.update;

/**
 * A network's flat vectors on a device, float32, each in the order of its parameters.
 *
 * @param parameters address of the parameters
 * @param gradients address of the gradients, sums over a minibatch
 * @param firstMoments address of Adam's running means of the gradients, or of velocities
 * @param secondMoments address of those of their squares
 * @param length entries of each
 */
public record VectorsOnDevice(
    long parameters, long gradients, long firstMoments, long secondMoments, int length) {
  /** Checks the length. */
  public VectorsOnDevice {
    if (length < 1) {
      throw new IllegalArgumentException("a network of " + length + " parameters");
    }
  }
}
