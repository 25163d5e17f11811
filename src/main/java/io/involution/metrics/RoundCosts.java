package io.involution.metrics;

import java.util.List;

/**
 * Where the wall time of a model's rounds went, in average seconds per round. The parts add up to
 * the whole: what a round's slowest worker did, and what the driver and Spark did around it.
 *
 * @param rounds number of rounds averaged over; without the first epoch if there are others
 * @param workers number of workers
 * @param broadcast making the model state available
 * @param receive the slowest worker's wait for the model state
 * @param steps its local steps
 * @param copy its copying of the state into the network and out of it
 * @param schedule the rest of the tasks' time: scheduling, serializing, collecting the updates
 * @param average the rest of averaging once all updates have arrived
 * @param straggler the worker that the others wait for
 */
public record RoundCosts(
    int rounds,
    int workers,
    double broadcast,
    double receive,
    double steps,
    double copy,
    double schedule,
    double average,
    Straggler straggler) {

  /** Average seconds of a round. */
  public double total() {
    return steps + overhead();
  }

  /** Average seconds of a round beyond its local steps. */
  public double overhead() {
    return broadcast + receive + copy + schedule + average;
  }

  /**
   * Adds up the rows of a model.
   *
   * @param rows all rows of metrics.jsonl, in order
   * @param model the network's name
   * @return null if no round of the model has a row, as with the dl4j-spark trainer
   */
  public static RoundCosts of(List<MetricsRow> rows, String model) {
    RoundCostSums sums = new RoundCostSums(model);
    rows.forEach(sums::add);
    return sums.costs().orElse(null);
  }
}
