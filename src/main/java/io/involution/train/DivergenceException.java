package io.involution.train;

import io.involution.evaluate.Evaluation;
import io.involution.failure.RunFailedException;
import io.involution.model.state.ModelState;
import io.involution.train.average.UpdateCheck;
import io.involution.train.time.Round;
import java.util.Locale;
import java.util.Optional;

/**
 * A loss or parameter became NaN or infinite; the message names network, epoch, round and worker.
 */
public final class DivergenceException extends RunFailedException {
  private static final long serialVersionUID = 1L;
  private static final String FIX =
      "training has diverged; the last checkpoint is kept; try a lower --learning-rate in another"
          + " --out";

  /**
   * Training has diverged.
   *
   * @param message one line
   */
  public DivergenceException(String message) {
    super(message);
  }

  /**
   * The message for a number of one round.
   *
   * @param what the number
   * @param model the network's name
   * @param round the round
   */
  public static String message(String what, String model, Round round) {
    return String.format(
        Locale.ROOT,
        "%s of the %s network became NaN or infinite in epoch %d, round %d: %s",
        what,
        model,
        round.epoch(),
        round.index(),
        FIX);
  }

  /**
   * Checks the mean of a round. The workers' losses were checked by {@link UpdateCheck}.
   *
   * @throws DivergenceException naming epoch and round
   */
  static void check(String model, Round round, ModelState mean) {
    if (!mean.isFinite()) {
      throw new DivergenceException(message("the average", model, round));
    }
  }

  /**
   * Checks the model after an epoch whose rounds are not known.
   *
   * @throws DivergenceException naming the epoch
   */
  public static void check(String model, int epoch, ModelState state) {
    require(state.isFinite(), "the average", model, epoch);
  }

  /**
   * Checks an evaluation: a finite model may still compute NaN or infinite numbers.
   *
   * @throws DivergenceException naming the epoch
   */
  public static void check(String model, EpochOutcome outcome) {
    require(isFinite(outcome.test()), "the test loss", model, outcome.epoch());
    require(isFinite(outcome.validation()), "the validation loss", model, outcome.epoch());
  }

  private static boolean isFinite(Optional<Evaluation> evaluation) {
    return evaluation.map(set -> Double.isFinite(set.lossSum())).orElse(true);
  }

  private static void require(boolean finite, String what, String model, int epoch) {
    if (!finite) {
      throw new DivergenceException(
          String.format(
              Locale.ROOT,
              "%s of the %s network became NaN or infinite after epoch %d: %s",
              what,
              model,
              epoch,
              FIX));
    }
  }
}
