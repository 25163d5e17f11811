package io.involution.config.training;

import io.involution.config.option.Option;

/** The loss that training minimizes. */
public record LossOptions(
    @Option(
            defaultValue = "none",
            help = "balanced: the rarer a class, the more its examples count in the loss.",
            details =
                "A class with n of N training examples weighs N / (classes x n). The metrics, train"
                    + " loss included, are without weights.")
        ClassWeightsChoice classWeights,
    @Option(
            defaultValue = "0",
            least = 0,
            below = 1,
            help = "Share of a label that is spread evenly over all classes, such as 0.2.",
            details = "The metrics, train loss included, are without it, and so comparable.")
        double labelSmoothing) {

  /** The plain cross-entropy. */
  public static final LossOptions PLAIN = new LossOptions(ClassWeightsChoice.NONE, 0);
}
