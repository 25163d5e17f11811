package io.involution.train;

/**
 * How many rounds a single worker takes before the driver hears of it: as many as take two seconds,
 * so that a job costs little beside its rounds, and that progress is shown, a time limit is kept,
 * and a failed task is repeated from not long ago. The number changes no bit of the result.
 */
public final class Pace {
  /** Seconds that the rounds of a job take, unless one takes longer. */
  public static final double SECONDS = 2;

  private int rounds = 1;

  /** The number of rounds of the next stretch; at first one, which shows how long it takes. */
  int rounds() {
    return rounds;
  }

  /**
   * Takes into account how long a stretch took.
   *
   * @param taken its number of rounds
   * @param seconds its time, with everything around it
   */
  void took(int taken, double seconds) {
    rounds = (int) Math.max(1, Math.min(Integer.MAX_VALUE, SECONDS * taken / seconds));
  }
}
