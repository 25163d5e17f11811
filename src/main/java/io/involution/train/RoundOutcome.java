package io.involution.train;

import java.util.Comparator;
import java.util.List;

/**
 * The result of a round on the driver.
 *
 * @param reports one per worker, in worker order
 * @param seconds where the driver's time went
 * @param bytesSent size of the model state that every worker received
 * @param bytesReceived size of the model states that came to the driver: every worker's, or only
 *     the mean if the executors average
 */
public record RoundOutcome(
    List<WorkerReport> reports, RoundSeconds seconds, long bytesSent, long bytesReceived) {

  /** Training examples that all workers used. */
  public int examples() {
    return reports.stream().mapToInt(WorkerReport::examples).sum();
  }

  /** Sum of their cross-entropies, in nats, in worker order. */
  public double lossSum() {
    double sum = 0;
    for (WorkerReport report : reports) {
      sum += report.lossSum();
    }
    return sum;
  }

  /** How many of them were classified correctly. */
  public int correct() {
    return reports.stream().mapToInt(WorkerReport::correct).sum();
  }

  /** The worker whose local steps took longest; the first one if several did. */
  public WorkerReport slowest() {
    return reports.stream()
        .max(
            Comparator.comparingDouble((WorkerReport report) -> report.seconds().steps())
                .thenComparing(WorkerReport::worker, Comparator.reverseOrder()))
        .orElseThrow();
  }

  /** Seconds that each worker's local steps took, in worker order. */
  public double[] stepSeconds() {
    return reports.stream().mapToDouble(report -> report.seconds().steps()).toArray();
  }
}
