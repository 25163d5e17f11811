package io.involution.config.training;

import io.involution.config.option.Choice;

/** Where the workers' updates are averaged; the result is bitwise the same. */
public enum ExchangeChoice implements Choice {
  /** The cheaper way for the number of workers and the size of the model. */
  AUTO,
  /** On the driver, which receives every update. */
  COLLECT,
  /** On the executors, one slice per reducer; the driver receives one model. */
  SHUFFLE
}
