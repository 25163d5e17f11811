package io.involution.train;

/** Tells whether a round stayed within the finite numbers. */
final class Divergence {
  private Divergence() {}

  /**
   * Looks at every worker's loss and at the mean.
   *
   * @throws DivergenceException naming epoch, round and worker
   */
  static void check(Round round, RoundOutcome outcome) {
    for (WorkerReport report : outcome.reports()) {
      if (!Double.isFinite(report.lossSum())) {
        throw diverged(round, "the loss of worker " + report.worker());
      }
    }
    if (!outcome.mean().isFinite()) {
      throw diverged(round, "the averaged model");
    }
  }

  private static DivergenceException diverged(Round round, String what) {
    return new DivergenceException(
        what
            + " is no finite number in epoch "
            + round.epoch()
            + ", round "
            + round.index()
            + ": training has diverged; try a lower --learning-rate");
  }
}
