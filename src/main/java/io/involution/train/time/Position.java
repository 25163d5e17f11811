package io.involution.train.time;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;

/**
 * How far training has progressed.
 *
 * @param epochs epochs that have ended, including their evaluation
 * @param rounds rounds of the next epoch that have been averaged
 * @param steps local steps of the next epoch that every worker has taken, where the number of
 *     rounds does not say it, because training ended within one; otherwise 0
 */
public record Position(
    int epochs, int rounds, @JsonInclude(JsonInclude.Include.NON_DEFAULT) int steps) {
  /** The start of training. */
  public static final Position START = new Position(0, 0);

  /** Checks that none is negative. */
  public Position {
    if (epochs < 0 || rounds < 0 || steps < 0 || (steps > 0 && rounds == 0)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "epochs %d, rounds %d, steps %d", epochs, rounds, steps));
    }
  }

  /** A position that its number of rounds tells. */
  public Position(int epochs, int rounds) {
    this(epochs, rounds, 0);
  }

  /** As text, such as {@code epoch 3} or {@code epoch 4, round 12}. */
  public String shown() {
    return rounds == 0
        ? "epoch " + epochs
        : String.format(Locale.ROOT, "epoch %d, round %d", epochs + 1, rounds);
  }
}
