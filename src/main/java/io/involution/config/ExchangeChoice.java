package io.involution.config;

/** Where the workers' updates are averaged; the result is the same, bit by bit. */
public enum ExchangeChoice implements Choice {
  /** Whatever costs less for the number of workers and the size of the model. */
  AUTO,
  /** On the driver, which receives every update. */
  COLLECT,
  /** On the executors, one slice each; the driver receives one model. */
  SHUFFLE
}
