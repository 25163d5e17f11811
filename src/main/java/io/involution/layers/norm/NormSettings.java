package io.involution.layers.norm;

import java.util.Objects;

/**
 * What a BatchNorm computes.
 *
 * @param offsets its channels and where its parameters are
 * @param decay share of the running statistics that one training step keeps
 * @param epsilon added to the variance
 * @param activation the function after it
 * @param shortcut where a second input is added
 */
public record NormSettings(
    NormOffsets offsets,
    double decay,
    double epsilon,
    Nonlinearity activation,
    ShortcutPlace shortcut) {
  /** Checks the numbers. */
  public NormSettings {
    Objects.requireNonNull(offsets, "offsets");
    Objects.requireNonNull(activation, "activation");
    Objects.requireNonNull(shortcut, "shortcut");
    if (!(decay >= 0 && decay <= 1)) {
      throw new IllegalArgumentException("the decay must be from 0 to 1, not " + decay);
    }
    if (!(epsilon > 0 && Double.isFinite(epsilon))) {
      throw new IllegalArgumentException("epsilon must be a positive number, not " + epsilon);
    }
  }
}
