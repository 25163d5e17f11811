package io.involution.model.network;

import io.involution.config.InvolutionOptions;
import io.involution.data.DataSchema;
import io.involution.model.LearningRate;

/**
 * The hyperparameters that the networks are built with.
 *
 * @param seed seed of the initial weights
 * @param rule optimizer, step size and weight decay
 * @param involution hyperparameters of the involution network
 * @param schema the images and classes that the networks are built for
 */
public record NetworkOptions(
    long seed, LocalRule rule, InvolutionOptions involution, DataSchema schema) {

  /** The networks for CIFAR-10. */
  public NetworkOptions(long seed, LocalRule rule, InvolutionOptions involution) {
    this(seed, rule, involution, DataSchema.CIFAR10);
  }

  /** The networks of the reference run, with other hyperparameters of involutions. */
  public NetworkOptions(long seed, double learningRate, InvolutionOptions involution) {
    this(seed, LocalRule.adam(LearningRate.constant(learningRate), 0), involution);
  }

  /** The networks of the reference run. */
  public NetworkOptions(long seed, double learningRate) {
    this(seed, learningRate, InvolutionOptions.REFERENCE);
  }
}
