package io.involution.config.training;

import io.involution.config.option.Choice;

/** What weight decay is. */
public enum WeightDecayChoice implements Choice {
  /** A step subtracts a share of the weights, past the optimizer. */
  DECOUPLED,
  /** A multiple of the weights is added to their gradient, before the optimizer. */
  L2
}
