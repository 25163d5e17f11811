package io.involution.evaluate;

import io.involution.data.ImageShape;
import io.involution.evaluate.artifact.Confusion;
import io.involution.evaluate.artifact.Mistake;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The loss, the confusion counts and the most confident mistakes on a set of examples. */
public final class Evaluation implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double lossSum;
  private final long[][] confusion;
  private final List<Mistake> mistakes;

  /**
   * Wraps the counts.
   *
   * @param lossSum sum of the examples' cross-entropies, in nats
   * @param confusion {@code [10][10]} counts by label and then by prediction; kept, not copied
   */
  public Evaluation(double lossSum, long[][] confusion) {
    this(lossSum, confusion, List.of());
  }

  /**
   * Wraps the counts and the most confident mistakes.
   *
   * @param lossSum sum of the examples' cross-entropies, in nats
   * @param confusion {@code [10][10]} counts by label and then by prediction; kept, not copied
   * @param mistakes the most confident first
   */
  public Evaluation(double lossSum, long[][] confusion, List<Mistake> mistakes) {
    this.lossSum = lossSum;
    this.confusion = confusion;
    this.mistakes = List.copyOf(mistakes);
  }

  /**
   * Adds up the parts of a set in order; the index of a mistake then counts the parts before it.
   */
  public static Evaluation sum(List<Evaluation> parts) {
    double lossSum = 0;
    long[][] confusion = new long[ImageShape.CLASSES][ImageShape.CLASSES];
    List<Mistake> mistakes = new ArrayList<>();
    int before = 0;
    for (Evaluation part : parts) {
      for (Mistake mistake : part.mistakes) {
        mistakes.add(mistake.shifted(before));
      }
      before += Math.toIntExact(part.examples());
      lossSum += part.lossSum;
      for (int label = 0; label < confusion.length; label++) {
        for (int prediction = 0; prediction < confusion.length; prediction++) {
          confusion[label][prediction] += part.confusion[label][prediction];
        }
      }
    }
    return new Evaluation(lossSum, confusion, WorstMistakes.first(mistakes));
  }

  /** Number of examples. */
  public long examples() {
    long examples = 0;
    for (long[] row : confusion) {
      for (long count : row) {
        examples += count;
      }
    }
    return examples;
  }

  /** Number of correctly classified examples. */
  public long correct() {
    long correct = 0;
    for (int label = 0; label < confusion.length; label++) {
      correct += confusion[label][label];
    }
    return correct;
  }

  /** Share of correct examples, 0 to 1; NaN without examples. */
  public double accuracy() {
    return (double) correct() / examples();
  }

  /** Mean cross-entropy, in nats; NaN without examples. */
  public double loss() {
    return lossSum / examples();
  }

  /** Sum of the examples' cross-entropies, in nats. */
  public double lossSum() {
    return lossSum;
  }

  /** The most confident mistakes, the most confident first. */
  public List<Mistake> mistakes() {
    return mistakes;
  }

  /**
   * Counts by label and prediction.
   *
   * @param epoch the epoch that has just ended; null for a saved model
   * @param classes names of the classes, in label order
   */
  public Confusion confusion(Integer epoch, List<String> classes) {
    return new Confusion(
        epoch,
        classes,
        Arrays.stream(confusion).map(row -> Arrays.stream(row).boxed().toList()).toList());
  }
}
