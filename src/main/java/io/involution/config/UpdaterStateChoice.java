package io.involution.config;

/** What becomes of the updater's state (Adam's moments) between two rounds. */
public enum UpdaterStateChoice implements Choice {
  /** The workers' mean, as of the parameters. */
  AVERAGED,
  /** Each worker goes on with its own. */
  LOCAL,
  /** Every round begins with none. */
  RESET
}
