package io.involution.config;

import io.involution.failure.InputException;

/** Which networks a command is about. */
public enum ModelChoice {
  /** The convolution network. */
  CONVOLUTION,
  /** The involution network. */
  INVOLUTION,
  /** The wide involution network. */
  INVOLUTION_WIDE,
  /**
   * The two networks of the reference run: the convolution network, then the involution network.
   */
  BOTH;

  /**
   * The choice of a word.
   *
   * @throws InputException naming the words there are
   */
  public static ModelChoice parse(String word) {
    return Choice.parse("model", word, ModelChoice.class);
  }

  /** The word that the option takes. */
  public String word() {
    return Choice.word(this);
  }
}
