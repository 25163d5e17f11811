package io.involution.config;

/** What becomes of the updater's state (Adam's moments) between two rounds. */
public enum UpdaterStateChoice {
  /** The workers' mean, as of the parameters. */
  AVERAGED,
  /** Each worker goes on with its own. */
  LOCAL,
  /** Every round begins with none. */
  RESET;

  /** The word that the option takes. */
  public String word() {
    return Choice.word(this);
  }
}
