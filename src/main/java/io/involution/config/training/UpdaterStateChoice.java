package io.involution.config.training;

import io.involution.config.option.Choice;

/** What happens to the updater state (Adam's moments) between two rounds. */
public enum UpdaterStateChoice implements Choice {
  /** It is averaged, like the parameters. */
  AVERAGED,
  /** Each worker keeps its own. */
  LOCAL,
  /** Every round starts with zero moments. */
  RESET
}
