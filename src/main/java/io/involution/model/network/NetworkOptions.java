package io.involution.model.network;

import io.involution.config.InvolutionOptions;
import io.involution.data.DataSchema;
import io.involution.model.LearningRate;

/**
 * The hyperparameters that the networks are built with.
 *
 * @param seed seed of the initial weights
 * @param learningRate step size of Adam
 * @param weightDecay share of a weight that a step subtracts, divided by the step size (AdamW:
 *     Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019); 0 or more
 * @param involution hyperparameters of the involution network
 * @param schema the images and classes that the networks are built for
 */
public record NetworkOptions(
    long seed,
    LearningRate learningRate,
    double weightDecay,
    InvolutionOptions involution,
    DataSchema schema) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the weight decay is negative or not finite
   */
  public NetworkOptions {
    if (!(weightDecay >= 0 && Double.isFinite(weightDecay))) {
      throw new IllegalArgumentException("a weight decay of " + weightDecay);
    }
  }

  /** The networks for CIFAR-10. */
  public NetworkOptions(
      long seed, LearningRate learningRate, double weightDecay, InvolutionOptions involution) {
    this(seed, learningRate, weightDecay, involution, DataSchema.CIFAR10);
  }

  /** The networks of the reference run, with other hyperparameters of involutions. */
  public NetworkOptions(long seed, double learningRate, InvolutionOptions involution) {
    this(seed, LearningRate.constant(learningRate), 0, involution);
  }

  /** The networks of the reference run. */
  public NetworkOptions(long seed, double learningRate) {
    this(seed, learningRate, InvolutionOptions.REFERENCE);
  }
}
