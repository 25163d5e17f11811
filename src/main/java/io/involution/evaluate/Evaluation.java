package io.involution.evaluate;

import io.involution.evaluate.artifact.Confusion;
import io.involution.evaluate.artifact.Mistake;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** The loss, the confusion counts and the most confident mistakes on a set of examples. */
public final class Evaluation implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double lossSum;
  private final ConfusionCounts confusion;
  private final List<Mistake> mistakes;

  /**
   * Wraps the counts.
   *
   * @param lossSum sum of the examples' cross-entropies, in nats
   * @param confusion counts by label and then by prediction
   */
  public Evaluation(double lossSum, long[][] confusion) {
    this(lossSum, ConfusionCounts.of(confusion), List.of());
  }

  /**
   * Wraps the counts and the most confident mistakes.
   *
   * @param lossSum sum of the examples' cross-entropies, in nats
   * @param confusion counts by label and prediction; kept, not copied
   * @param mistakes the most confident first
   */
  public Evaluation(double lossSum, ConfusionCounts confusion, List<Mistake> mistakes) {
    this.lossSum = lossSum;
    this.confusion = confusion;
    this.mistakes = List.copyOf(mistakes);
  }

  /**
   * Adds up the parts of a set in order; the index of a mistake then counts the parts before it.
   */
  public static Evaluation sum(List<Evaluation> parts) {
    double lossSum = 0;
    ConfusionCounts confusion =
        new ConfusionCounts(parts.isEmpty() ? 0 : parts.get(0).confusion.classes());
    List<Mistake> mistakes = new ArrayList<>();
    int before = 0;
    for (Evaluation part : parts) {
      for (Mistake mistake : part.mistakes) {
        mistakes.add(mistake.shifted(before));
      }
      before += Math.toIntExact(part.examples());
      lossSum += part.lossSum;
      confusion.add(part.confusion);
    }
    return new Evaluation(lossSum, confusion, WorstMistakes.first(mistakes));
  }

  /** Number of examples. */
  public long examples() {
    return confusion.examples();
  }

  /** Number of correctly classified examples. */
  public long correct() {
    return confusion.correct();
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
    return new Confusion(epoch, classes, confusion.rows());
  }
}
