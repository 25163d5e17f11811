package io.involution.config.training;

import io.involution.config.option.Choice;

/** How much the examples of a class count in the loss. */
public enum ClassWeightsChoice implements Choice {
  /** All the same. */
  NONE,
  /** The rarer a class among the training examples, the more. */
  BALANCED
}
