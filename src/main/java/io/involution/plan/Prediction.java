package io.involution.plan;

import io.involution.config.ExchangeChoice;

/**
 * A round as the model has it, in seconds.
 *
 * @param work what every worker does in it
 * @param workers number of workers
 * @param exchange how their updates become the mean: collect or shuffle
 * @param parts where the time goes
 */
public record Prediction(Work work, int workers, ExchangeChoice exchange, Parts parts) {
  /**
   * The parts of a round, in seconds.
   *
   * @param compute local steps
   * @param broadcast getting the model state to the executors
   * @param copy copying it into the networks and out of them
   * @param exchange getting the mean of the updates to the driver
   * @param scheduling jobs and tasks
   */
  public record Parts(
      double compute, double broadcast, double copy, double exchange, double scheduling) {

    /** What is beyond local steps. */
    public double overhead() {
      return broadcast + copy + exchange + scheduling;
    }
  }

  /** Seconds of the whole round. */
  public double total() {
    return parts.compute() + parts.overhead();
  }

  /** Training examples of all workers a second. */
  public double examplesPerSecond() {
    return (double) workers * work.batchSizePerWorker() * work.averagingPeriod() / total();
  }

  /**
   * The smallest averaging period with which what is beyond local steps stays under a share of the
   * round: overhead does not grow with it, so {@code overhead / (overhead + H step) < share}.
   *
   * @param share above 0, below 1
   */
  public long smallestPeriod(double share) {
    double step = parts.compute() / work.averagingPeriod();
    return (long) Math.floor(parts.overhead() * (1 - share) / share / step) + 1;
  }
}
