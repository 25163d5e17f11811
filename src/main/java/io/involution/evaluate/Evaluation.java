package io.involution.evaluate;

import io.involution.evaluate.artifact.Confusion;
import io.involution.evaluate.artifact.Mistake;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The loss, the confusion counts and the most confident mistakes on a set of examples. */
public final class Evaluation implements Serializable {
  private static final long serialVersionUID = 3L;

  private static final long NOT_COUNTED = -1;

  private final double lossSum;
  private final ConfusionCounts confusion;
  private final List<Mistake> mistakes;

  /** Examples whose class is among the five most probable; negative if they were not counted. */
  private final long topFive;

  /** The same images as they are; null where each was seen only once. */
  private final PlainSums plain;

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
    this(lossSum, confusion, mistakes, NOT_COUNTED);
  }

  /**
   * The same with the number of examples whose class is among the five most probable.
   *
   * @param topFive that number; negative if they were not counted
   */
  Evaluation(double lossSum, ConfusionCounts confusion, List<Mistake> mistakes, long topFive) {
    this(lossSum, confusion, mistakes, topFive, null);
  }

  private Evaluation(
      double lossSum,
      ConfusionCounts confusion,
      List<Mistake> mistakes,
      long topFive,
      PlainSums plain) {
    this.plain = plain;
    this.topFive = topFive;
    this.lossSum = lossSum;
    this.confusion = confusion;
    this.mistakes = List.copyOf(mistakes);
  }

  /** The same beside what the model gets right on the images as they are. */
  Evaluation beside(PlainSums sums) {
    return new Evaluation(lossSum, confusion, mistakes, topFive, sums);
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
    long topFive = 0;
    PlainSums plain = parts.isEmpty() ? null : PlainSums.NONE;
    for (Evaluation part : parts) {
      for (Mistake mistake : part.mistakes) {
        mistakes.add(mistake.shifted(before));
      }
      before += Math.toIntExact(part.examples());
      lossSum += part.lossSum;
      confusion.add(part.confusion);
      topFive = part.topFive < 0 || topFive < 0 ? NOT_COUNTED : topFive + part.topFive;
      plain = part.plain == null || plain == null ? null : plain.plus(part.plain);
    }
    return new Evaluation(lossSum, confusion, WorstMistakes.first(mistakes), topFive, plain);
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

  /**
   * Share of examples whose class is among the five most probable, 0 to 1; null where they were not
   * counted, because there are no more than ten classes.
   */
  public Double topFiveAccuracy() {
    return topFive < 0 || examples() == 0 ? null : Double.valueOf((double) topFive / examples());
  }

  /** Mean cross-entropy, in nats; NaN without examples. */
  public double loss() {
    return lossSum / examples();
  }

  /** Sum of the examples' cross-entropies, in nats. */
  public double lossSum() {
    return lossSum;
  }

  /**
   * What the model gets right on the images as they are, where the evaluation is by several views
   * of each.
   */
  Optional<PlainSums> plain() {
    return Optional.ofNullable(plain);
  }

  /** Share of correct examples on the images as they are; null unless each was seen as several. */
  public Double plainAccuracy() {
    return plain().map(PlainSums::accuracy).orElse(null);
  }

  /** Mean cross-entropy on the images as they are; null unless each was seen as several. */
  public Double plainLoss() {
    return plain().map(PlainSums::loss).orElse(null);
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
    return confusion.shown(epoch, classes);
  }
}
