package io.involution.model;

import io.involution.config.InvolutionOptions;

/**
 * What the networks are built from.
 *
 * @param seed seed of the initial weights
 * @param learningRate step size of Adam, a positive finite number
 * @param involution hyper-parameters of the involution network
 */
public record NetworkOptions(long seed, double learningRate, InvolutionOptions involution) {
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

  /** The networks of the reference run. */
  public NetworkOptions(long seed, double learningRate) {
    this(seed, learningRate, InvolutionOptions.REFERENCE);
  }
}
