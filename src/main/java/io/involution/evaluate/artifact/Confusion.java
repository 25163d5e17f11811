package io.involution.evaluate.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts of test examples by label and prediction: all of them, or, where there are many classes,
 * those above 0.
 *
 * @param epoch the epoch after which they were counted; null for a saved model
 * @param classes names of the classes, in label order
 * @param counts a row per label, a column per prediction; null where there are many classes
 * @param cells the counts above 0, by label and prediction; null where there are few classes
 */
public record Confusion(
    Integer epoch,
    List<String> classes,
    @JsonInclude(JsonInclude.Include.NON_NULL) List<List<Long>> counts,
    @JsonInclude(JsonInclude.Include.NON_NULL) List<Cell> cells) {
  /** The most classes of which all counts are kept. */
  public static final int MOST_DENSE = 100;

  /**
   * Examples of a label with a prediction.
   *
   * @param label the class
   * @param prediction the predicted class
   * @param count number of examples
   */
  public record Cell(int label, int prediction, long count) {}

  /** Checks that the counts are square, or are of the classes. */
  public Confusion {
    classes = classes == null ? List.of() : List.copyOf(classes);
    if ((counts == null) == (cells == null)) {
      throw new IllegalArgumentException("confusion counts are either all or those above 0");
    }
    if (counts != null) {
      for (List<Long> row : counts) {
        if (row.size() != counts.size()) {
          throw new IllegalArgumentException("confusion counts that are not square");
        }
      }
    } else {
      for (Cell cell : cells) {
        if (cell.label() < 0
            || cell.prediction() < 0
            || Math.max(cell.label(), cell.prediction()) >= classes.size()) {
          throw new IllegalArgumentException("confusion counts of classes that are not there");
        }
      }
    }
  }

  /** All counts. */
  public static Confusion of(Integer epoch, List<String> classes, List<List<Long>> counts) {
    return new Confusion(epoch, classes, counts, null);
  }

  /** Number of classes. */
  public int size() {
    return counts == null ? classes.size() : counts.size();
  }

  /** The name of a class, or its number if it has no name. */
  public String className(int label) {
    return label < classes.size() ? classes.get(label) : "class " + label;
  }

  /** The counts above 0, by label and prediction. */
  public List<Cell> nonZero() {
    if (counts == null) {
      return cells;
    }
    List<Cell> found = new ArrayList<>();
    for (int label = 0; label < counts.size(); label++) {
      for (int prediction = 0; prediction < counts.size(); prediction++) {
        long count = counts.get(label).get(prediction);
        if (count != 0) {
          found.add(new Cell(label, prediction, count));
        }
      }
    }
    return found;
  }

  /** The sums of each class, in label order. */
  public List<ClassCounts> byClass() {
    long[] labeled = new long[size()];
    long[] predicted = new long[size()];
    long[] correct = new long[size()];
    for (Cell cell : nonZero()) {
      labeled[cell.label()] += cell.count();
      predicted[cell.prediction()] += cell.count();
      correct[cell.label()] += cell.label() == cell.prediction() ? cell.count() : 0;
    }
    List<ClassCounts> sums = new ArrayList<>();
    for (int label = 0; label < labeled.length; label++) {
      sums.add(new ClassCounts(labeled[label], predicted[label], correct[label]));
    }
    return sums;
  }

  /**
   * The sums of a class.
   *
   * @param labeled examples of the class
   * @param predicted examples predicted to be of it
   * @param correct examples of it that were predicted to be
   */
  public record ClassCounts(long labeled, long predicted, long correct) {
    /** Share of the class's examples that were predicted correctly; null if there are none. */
    public Double recall() {
      return share(correct, labeled);
    }

    /** Share of the class's predictions that were correct; null if there are none. */
    public Double precision() {
      return share(correct, predicted);
    }

    private static Double share(long part, long whole) {
      return whole == 0 ? null : Double.valueOf((double) part / whole);
    }
  }
}
