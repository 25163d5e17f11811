package io.involution.train.time;

import java.util.Locale;

/**
 * How far training has progressed.
 *
 * @param epochs epochs that have ended, including their evaluation
 * @param rounds rounds of the next epoch that have been averaged
 */
public record Position(int epochs, int rounds) {
  /** The start of training. */
  public static final Position START = new Position(0, 0);

  /** Checks that neither is negative. */
  public Position {
    if (epochs < 0 || rounds < 0) {
      throw new IllegalArgumentException("epochs " + epochs + ", rounds " + rounds);
    }
  }

  /** As text, such as {@code epoch 3} or {@code epoch 4, round 12}. */
  public String shown() {
    return rounds == 0
        ? "epoch " + epochs
        : String.format(Locale.ROOT, "epoch %d, round %d", epochs + 1, rounds);
  }
}
