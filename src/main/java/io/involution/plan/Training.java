package io.involution.plan;

import io.involution.config.training.AveragingPeriod;
import io.involution.failure.InputException;
import io.involution.train.time.EpochPlan;
import io.involution.train.time.Round;
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
  EpochPlan epoch(int workers, int batchSizePerWorker, AveragingPeriod period) {
    return new EpochPlan(examples, workers, batchSizePerWorker, period);
  }

  /** Seconds of all its rounds, without evaluation: the last round of an epoch may be short. */
  double seconds(Prediction round) {
    Work work = round.work();
    EpochPlan epoch =
        epoch(
            round.workers(), work.batchSizePerWorker(), AveragingPeriod.of(work.averagingPeriod()));
    double step = round.step();
    return epochs
        * epoch.rounds(1).stream()
            .mapToDouble(each -> steps(each) * step + round.parts().overhead())
            .sum();
  }

  private static int steps(Round round) {
    return round.lastStep() - round.firstStep();
  }
}
