package io.involution.train;

import io.involution.model.state.ModelState;
import java.io.Serializable;
import java.util.List;

/**
 * What a worker sends back from a round, or from several that it took at once.
 *
 * @param reports its metrics of each round, in order
 * @param state its model at the end of the last one
 */
public record WorkerUpdate(List<WorkerReport> reports, ModelState state) implements Serializable {
  /** Keeps a copy of the list, and requires a round. */
  public WorkerUpdate {
    reports = List.copyOf(reports);
    if (reports.isEmpty()) {
      throw new IllegalArgumentException("an update of no round");
    }
  }

  /** The update of one round. */
  public WorkerUpdate(WorkerReport report, ModelState state) {
    this(List.of(report), state);
  }

  /** The metrics of the last round. */
  public WorkerReport report() {
    return reports.get(reports.size() - 1);
  }
}
