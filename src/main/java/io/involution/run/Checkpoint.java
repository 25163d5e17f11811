package io.involution.run;

import io.involution.train.TrainingPoint;
import java.util.List;
import java.util.Map;

/**
 * What a run resumes from: the state of training, and its metrics so far.
 *
 * @param point position, sums and model state
 * @param rows the metrics of the current epoch, one line per row
 * @param parts digests of the files that hold the metrics of earlier epochs, by name
 */
public record Checkpoint(TrainingPoint point, List<String> rows, Map<String, String> parts) {

  /** Copies the lists, which keep growing. */
  public Checkpoint {
    rows = List.copyOf(rows);
    parts = Map.copyOf(parts);
  }
}
