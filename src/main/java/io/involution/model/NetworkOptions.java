package io.involution.model;

/**
 * What the two networks are built from; their shapes are fixed.
 *
 * @param seed seed of the initial weights
 * @param learningRate step size of Adam, a positive finite number
 */
public record NetworkOptions(long seed, double learningRate) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the learning rate is not a positive finite number
   */
  public NetworkOptions {
    if (!(learningRate > 0 && Double.isFinite(learningRate))) {
      throw new IllegalArgumentException(
          "the learning rate must be a positive number, not " + learningRate);
    }
  }
}
