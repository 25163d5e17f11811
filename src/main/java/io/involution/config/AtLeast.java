package io.involution.config;

import io.involution.failure.InputException;

/** Checks the minimum of integer options. */
public final class AtLeast {
  private AtLeast() {}

  /**
   * Checks a number.
   *
   * @param option the option, including its hyphens
   * @throws InputException naming the option and its minimum
   */
  public static void require(String option, int value, int least) {
    if (value < least) {
      throw new InputException(option + " is " + value + ": use " + least + " or more");
    }
  }
}
