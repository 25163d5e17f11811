package io.involution.plan;

import io.involution.config.training.ExchangeChoice;

/**
 * The predicted times of a round, in seconds.
 *
 * @param work the work of every worker
 * @param workers number of workers
 * @param exchange how their updates are averaged: collect or shuffle
 * @param parts the times of its parts
 */
public record Prediction(Work work, int workers, ExchangeChoice exchange, Parts parts) {
  /**
   * The parts of a round, in seconds.
   *
   * @param compute local steps
   * @param broadcast sending the model state to the executors
   * @param copy copying it into and out of the networks
   * @param exchange averaging the updates and sending the average to the driver
   * @param scheduling jobs and tasks
   */
  public record Parts(
      double compute, double broadcast, double copy, double exchange, double scheduling) {

    /** Everything except local steps. */
    public double overhead() {
      return broadcast + copy + exchange + scheduling;
    }
  }

  /** Seconds of the whole round. */
  public double total() {
    return parts.compute() + parts.overhead();
  }

  /**
   * The smallest averaging period for which the overhead stays below a share of the round. Overhead
   * does not grow with the period H, so that {@code overhead / (overhead + H step) < share}.
   *
   * @param share between 0 and 1, exclusive
   */
  public long smallestPeriod(double share) {
    return (long) Math.floor(parts.overhead() * (1 - share) / share / step()) + 1;
  }

  /**
   * The share of a round that is not local steps.
   *
   * @param period local steps of the round
   */
  double overheadShare(int period) {
    return parts.overhead() / (parts.overhead() + period * step());
  }

  /** Seconds of a local step. */
  double step() {
    return parts.compute() / work.averagingPeriod();
  }
}
