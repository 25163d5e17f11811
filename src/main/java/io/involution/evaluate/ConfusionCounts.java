package io.involution.evaluate;

import io.involution.data.DataSchema;
import io.involution.evaluate.artifact.Confusion;
import io.involution.evaluate.artifact.Confusion.Cell;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/**
 * Counts of examples by label and prediction. Only counts above 0 are kept, so that those of 10,000
 * classes fit into memory.
 */
public final class ConfusionCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int classes;
  private final TreeMap<Integer, Long> cells = new TreeMap<>();

  /**
   * Starts with nothing counted.
   *
   * @param classes number of classes, 0 to 10,000
   */
  public ConfusionCounts(int classes) {
    if (classes < 0 || classes > DataSchema.MOST_CLASSES) {
      throw new IllegalArgumentException(classes + " classes");
    }
    this.classes = classes;
  }

  /** The same counts as a square of numbers: a row per label, a column per prediction. */
  public static ConfusionCounts of(long[][] square) {
    ConfusionCounts counts = new ConfusionCounts(square.length);
    for (int label = 0; label < square.length; label++) {
      for (int prediction = 0; prediction < square.length; prediction++) {
        if (square[label][prediction] != 0) {
          counts.add(label, prediction, square[label][prediction]);
        }
      }
    }
    return counts;
  }

  /** Counts examples. */
  public void add(int label, int prediction, long examples) {
    if (label < 0 || label >= classes || prediction < 0 || prediction >= classes) {
      throw new IllegalArgumentException(
          "label " + label + " and prediction " + prediction + " of " + classes + " classes");
    }
    cells.merge(label * classes + prediction, examples, Long::sum);
  }

  /** Adds other counts of the same classes. */
  void add(ConfusionCounts other) {
    if (other.classes != classes) {
      throw new IllegalArgumentException(other.classes + " classes instead of " + classes);
    }
    other.cells.forEach((cell, count) -> cells.merge(cell, count, Long::sum));
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /** Number of examples of a label with a prediction. */
  public long count(int label, int prediction) {
    return cells.getOrDefault(label * classes + prediction, 0L);
  }

  /** Number of examples. */
  public long examples() {
    return cells.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Number of correctly classified examples. */
  public long correct() {
    return cells.entrySet().stream()
        .filter(cell -> cell.getKey() / classes == cell.getKey() % classes)
        .mapToLong(cell -> cell.getValue())
        .sum();
  }

  /**
   * The counts as an artifact: every one, or only those above 0 where there are many classes.
   *
   * @param epoch the epoch that has just ended; null for a saved model
   * @param names names of the classes, in label order
   */
  Confusion shown(Integer epoch, List<String> names) {
    if (classes <= Confusion.MOST_DENSE) {
      return Confusion.of(epoch, names, rows());
    }
    List<Cell> counted = new ArrayList<>();
    cells.forEach((cell, count) -> counted.add(new Cell(cell / classes, cell % classes, count)));
    return new Confusion(epoch, names, null, counted);
  }

  /** All counts, a row per label. */
  private List<List<Long>> rows() {
    List<List<Long>> rows = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      List<Long> row = new ArrayList<>(Collections.nCopies(classes, 0L));
      cells
          .subMap(label * classes, (label + 1) * classes)
          .forEach((cell, count) -> row.set(cell % classes, count));
      rows.add(row);
    }
    return rows;
  }
}
