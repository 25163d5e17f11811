package io.involution.config.training;

import io.involution.config.option.Choice;

/** What happens to the updater state (moments, momentum) between two rounds. */
public enum UpdaterStateChoice implements Choice {
  /** It is averaged, like the parameters. */
  AVERAGED,
  /** Each worker keeps its own. */
  LOCAL,
  /** Every round starts with zeros. */
  RESET
}
