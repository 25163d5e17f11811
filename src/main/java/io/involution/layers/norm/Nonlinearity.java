package io.involution.layers.norm;

/** The function after a BatchNorm. */
public enum Nonlinearity {
  /** z. */
  IDENTITY,
  /** max(0, z). */
  RELU,
  /** z times the normal distribution function of z, exact and not by tanh or a sigmoid. */
  GELU
}
