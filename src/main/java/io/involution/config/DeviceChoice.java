package io.involution.config;

import io.involution.failure.InputException;

/** What workers compute on. */
public enum DeviceChoice {
  /** A GPU where Spark assigned one to the task and the job jar can use it, else the CPU. */
  AUTO,
  /** The CPU. */
  CPU,
  /** A GPU; an error where there is none. */
  GPU;

  /**
   * The choice of a word.
   *
   * @throws InputException naming the words there are
   */
  public static DeviceChoice parse(String word) {
    return Choice.parse("device", word, DeviceChoice.class);
  }

  /** The word that the option takes. */
  public String word() {
    return Choice.word(this);
  }
}
