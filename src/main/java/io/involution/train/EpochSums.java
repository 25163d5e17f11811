package io.involution.train;

/**
 * Sums over the rounds of an epoch so far.
 *
 * @param examples training examples used
 * @param lossSum sum of their cross-entropies, in nats
 * @param correct how many of them were classified correctly
 * @param seconds wall time
 */
public record EpochSums(int examples, double lossSum, long correct, double seconds) {
  /** The sums before the first round. */
  public static final EpochSums NONE = new EpochSums(0, 0, 0, 0);

  /** The sums after more rounds. */
  EpochSums plus(Stretch rounds, double roundSeconds) {
    EpochSums sums = this;
    for (RoundOutcome outcome : rounds.outcomes()) {
      sums =
          new EpochSums(
              sums.examples + outcome.examples(),
              sums.lossSum + outcome.lossSum(),
              sums.correct + outcome.correct(),
              sums.seconds);
    }
    return new EpochSums(sums.examples, sums.lossSum, sums.correct, seconds + roundSeconds);
  }
}
