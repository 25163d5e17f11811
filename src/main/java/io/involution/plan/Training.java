package io.involution.plan;

import io.involution.config.training.AveragingPeriod;
import io.involution.failure.InputException;
import io.involution.train.time.EpochPlan;
import java.util.Locale;

/**
 * The training that a cluster is planned for.
 *
 * @param examples training examples of an epoch
 * @param epochs number of epochs
 */
public record Training(int examples, double epochs) {

  /** Checks that both numbers are positive. */
  public Training {
    if (examples < 1 || !(epochs > 0)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d examples, %s epochs", examples, epochs));
    }
  }

  /**
   * Checks that every worker has an example.
   *
   * @throws InputException when there are more workers than examples
   */
  public void requireFor(int workers) {
    if (examples < workers) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--examples %d is less than the %d workers: raise it or lower --workers",
              examples,
              workers));
    }
  }

  /** An epoch of so many workers. */
  public EpochPlan epoch(int workers, int batchSizePerWorker, AveragingPeriod period) {
    return new EpochPlan(examples, workers, batchSizePerWorker, period);
  }

  /**
   * Seconds of all its rounds, without evaluation: the last round of an epoch may be short.
   *
   * @param round any of its rounds
   * @param period local steps of its rounds, H, by epoch
   */
  double seconds(Prediction round, AveragingPeriod period) {
    EpochPlan plan = epoch(round.workers(), round.work().batchSizePerWorker(), period);
    double sum = 0;
    for (int epoch = 1; epoch < epochs + 1; epoch++) {
      double taken = Math.min(1, epochs + 1 - epoch);
      double besides = plan.roundsIn(epoch) * round.parts().overhead();
      sum += taken * (plan.stepsPerEpoch() * round.step() + besides);
    }
    return sum;
  }
}
