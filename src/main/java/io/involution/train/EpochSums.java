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

  /** The sums after one more round. */
  EpochSums plus(RoundOutcome outcome, double roundSeconds) {
    return new EpochSums(
        examples + outcome.examples(),
        lossSum + outcome.lossSum(),
        correct + outcome.correct(),
        seconds + roundSeconds);
  }
}
