package io.involution.evaluate.artifact;

import java.util.List;

/**
 * Counts of test examples by label and prediction.
 *
 * @param epoch the epoch after which they were counted; null for a saved model
 * @param classes names of the classes, in label order
 * @param counts a row per label, a column per prediction
 */
public record Confusion(Integer epoch, List<String> classes, List<List<Long>> counts) {
  /** Checks that the counts are square. */
  public Confusion {
    classes = classes == null ? List.of() : List.copyOf(classes);
    for (List<Long> row : counts) {
      if (row.size() != counts.size()) {
        throw new IllegalArgumentException("confusion counts that are not square");
      }
    }
  }

  /** Number of classes. */
  public int size() {
    return counts.size();
  }

  /** Number of examples of a class. */
  public long labeled(int label) {
    return counts.get(label).stream().mapToLong(Long::longValue).sum();
  }

  /** Share of a class's examples that were predicted correctly; null if there are none. */
  public Double recall(int label) {
    return share(counts.get(label).get(label), labeled(label));
  }

  /** Share of a class's predictions that were correct; null if there are none. */
  public Double precision(int label) {
    long predicted = counts.stream().mapToLong(row -> row.get(label)).sum();
    return share(counts.get(label).get(label), predicted);
  }

  private static Double share(long part, long whole) {
    return whole == 0 ? null : (double) part / whole;
  }
}
