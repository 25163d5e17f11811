package io.involution.train;

import io.involution.model.state.ModelState;
import io.involution.train.average.UpdateCheck;

/**
 * Tells whether training stayed within the finite numbers.
 *
 * @param model the network's name, for the error line
 */
public record Divergence(String model) {
  /**
   * Looks at the mean of a round. The workers' losses are {@link UpdateCheck}'s: it sees them
   * before there is a mean.
   *
   * @throws DivergenceException naming epoch and round
   */
  public void check(Round round, RoundOutcome outcome) {
    if (!outcome.mean().isFinite()) {
      throw DivergenceException.in("the average", model, round);
    }
  }

  /**
   * Looks at the model after an epoch of which no round is known.
   *
   * @throws DivergenceException naming the epoch
   */
  public void check(int epoch, ModelState state) {
    if (!state.isFinite()) {
      throw DivergenceException.after("the average", model, epoch);
    }
  }

  /**
   * Looks at the evaluation: a finite model may still compute what is none.
   *
   * @throws DivergenceException naming the epoch
   */
  public void check(EpochOutcome outcome) {
    if (!Double.isFinite(outcome.test().lossSum())) {
      throw DivergenceException.after("the test loss", model, outcome.epoch());
    }
    if (outcome.validation().map(set -> !Double.isFinite(set.lossSum())).orElse(false)) {
      throw DivergenceException.after("the validation loss", model, outcome.epoch());
    }
  }
}
