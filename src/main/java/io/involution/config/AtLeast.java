package io.involution.config;

import io.involution.failure.InputException;

/** The check of options that are whole numbers with a least one. */
public final class AtLeast {
  private AtLeast() {}

  /**
   * Checks a number.
   *
   * @param option the option, hyphens included
   * @throws InputException naming the option and the least number that it takes
   */
  public static void require(String option, int value, int least) {
    if (value < least) {
      throw new InputException(option + " is " + value + ": use " + least + " or more");
    }
  }
}
