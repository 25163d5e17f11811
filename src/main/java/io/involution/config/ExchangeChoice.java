package io.involution.config;

/** How the workers' updates become their mean; the bits are the same either way. */
public enum ExchangeChoice implements Choice {
  /** What costs less by the number of workers and the size of the model. */
  AUTO,
  /** Every update comes to the driver, which averages. */
  COLLECT,
  /** The executors average, a slice each, and the driver gets one model. */
  SHUFFLE
}
