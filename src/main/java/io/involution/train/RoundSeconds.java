package io.involution.train;

/**
 * Where the driver's time of one round went, in seconds.
 *
 * @param broadcast making the model state available to the executors
 * @param workers from handing the tasks to the scheduler to having all the updates
 * @param average what is then left of averaging them
 */
public record RoundSeconds(double broadcast, double workers, double average) {

  /** The whole of it. */
  public double total() {
    return broadcast + workers + average;
  }
}
