package io.involution.evaluate;

import io.involution.data.ImageShape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** How well a model does on a set of examples. */
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
   * @param mistakes in their order, see {@link Mistake#first}
   */
  public Evaluation(double lossSum, long[][] confusion, List<Mistake> mistakes) {
    this.lossSum = lossSum;
    this.confusion = confusion;
    this.mistakes = List.copyOf(mistakes);
  }

  /** Adds up the parts of a set, in the order given: a mistake's index then counts all of them. */
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
    return new Evaluation(lossSum, confusion, Mistake.first(mistakes));
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

  /** Number of examples whose most probable class is their label. */
  public long correct() {
    long correct = 0;
    for (int label = 0; label < confusion.length; label++) {
      correct += confusion[label][label];
    }
    return correct;
  }

  /** Share of correct examples, 0 to 1; not a number without examples. */
  public double accuracy() {
    return (double) correct() / examples();
  }

  /** Mean cross-entropy, in nats; not a number without examples. */
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

  /** Counts by label and then by prediction, {@code [10][10]}; not a copy. */
  public long[][] confusion() {
    return confusion;
  }
}
