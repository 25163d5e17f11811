package io.involution.config;

/** The networks that a command applies to. */
public enum ModelChoice implements Choice {
  /** The convolution network. */
  CONVOLUTION,
  /** The involution network. */
  INVOLUTION,
  /** The wide involution network. */
  INVOLUTION_WIDE,
  /**
   * The two networks of the reference run: the convolution network, then the involution network.
   */
  BOTH
}
