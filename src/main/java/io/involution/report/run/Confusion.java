package io.involution.report.run;

import java.util.List;

/**
 * Counts of test examples by label and then by prediction.
 *
 * @param epoch the epoch at whose end they were counted; null for a saved model
 * @param counts square, in label order
 */
public record Confusion(Integer epoch, List<List<Long>> counts) {
  /** Checks that the counts are square. */
  public Confusion {
    for (List<Long> row : counts) {
      if (row.size() != counts.size()) {
        throw new IllegalArgumentException("confusion counts that are not square");
      }
    }
  }

  /** Number of classes. */
  public int classes() {
    return counts.size();
  }

  /** Examples of a class. */
  public long labelled(int label) {
    return counts.get(label).stream().mapToLong(Long::longValue).sum();
  }

  /** Examples that were taken for a class. */
  public long predicted(int prediction) {
    return counts.stream().mapToLong(row -> row.get(prediction)).sum();
  }

  /** Examples of a class that were taken for it. */
  public long right(int label) {
    return counts.get(label).get(label);
  }

  /** Share of a class's examples that were taken for it; null without examples. */
  public Double recall(int label) {
    return share(right(label), labelled(label));
  }

  /** Share of the examples taken for a class that are of it; null where there are none. */
  public Double precision(int label) {
    return share(right(label), predicted(label));
  }

  private static Double share(long part, long whole) {
    return whole == 0 ? null : (double) part / whole;
  }
}
