package io.involution.train;

/**
 * How the driver's time was spent in one round, in seconds.
 *
 * @param broadcast making the model state available to the executors
 * @param workers from handing the tasks to the scheduler until all updates had arrived
 * @param average time to finish the average after that
 */
public record RoundSeconds(double broadcast, double workers, double average) {

  /** Their sum. */
  public double total() {
    return broadcast + workers + average;
  }
}
