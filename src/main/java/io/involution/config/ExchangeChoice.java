package io.involution.config;

import io.involution.failure.InputException;

/** How the workers' updates become their mean; the bits are the same either way. */
public enum ExchangeChoice {
  /** What costs less by the number of workers and the size of the model. */
  AUTO,
  /** Every update comes to the driver, which averages. */
  COLLECT,
  /** The executors average, a slice each, and the driver gets one model. */
  SHUFFLE;

  /**
   * The choice of a word.
   *
   * @throws InputException naming the words there are
   */
  public static ExchangeChoice parse(String word) {
    return Choice.parse("exchange", word, ExchangeChoice.class);
  }

  /** The word that the option takes. */
  public String word() {
    return Choice.word(this);
  }
}
