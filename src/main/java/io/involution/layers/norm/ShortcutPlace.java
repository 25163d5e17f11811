package io.involution.layers.norm;

/** Where a second input is added. */
public enum ShortcutPlace {
  /** Nowhere: there is none. */
  NONE,
  /** To the BatchNorm's output: activation(norm(x) + s). */
  BEFORE_ACTIVATION,
  /** To the activation's output: activation(norm(x)) + s. */
  AFTER_ACTIVATION
}
