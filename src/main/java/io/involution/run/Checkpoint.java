package io.involution.run;

import io.involution.train.TrainingPoint;
import java.util.List;
import java.util.Map;

/**
 * What a run goes on from: where the training is, and its metrics so far.
 *
 * @param point position, sums and model state
 * @param rows the metrics of the epoch that has begun, a line each
 * @param parts the digests of the files that hold the metrics of the epochs before, by name
 */
public record Checkpoint(TrainingPoint point, List<String> rows, Map<String, String> parts) {

  /** Copies the lists, which go on growing. */
  public Checkpoint {
    rows = List.copyOf(rows);
    parts = Map.copyOf(parts);
  }
}
