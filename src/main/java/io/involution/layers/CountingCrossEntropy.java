package io.involution.layers;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A loss of DL4J for a softmax over classes, computed by DL4J itself to the bit, that also counts
 * the correct predictions. It stands in for the loss of a user's network while it is trained, and
 * is not saved with it.
 */
public final class CountingCrossEntropy implements ILossFunction, CountedLoss {
  private static final long serialVersionUID = 1L;

  private final ILossFunction original;
  private transient int lastCorrect;
  private transient double lastLossSum;

  /**
   * Counts for a loss.
   *
   * @param original DL4J's loss, which computes losses and gradients
   */
  public CountingCrossEntropy(@JsonProperty("original") ILossFunction original) {
    this.original = original;
  }

  /** DL4J's loss. */
  @JsonProperty("original")
  public ILossFunction original() {
    return original;
  }

  @Override
  public int lastCorrect() {
    return lastCorrect;
  }

  @Override
  public double lastLossSum() {
    return lastLossSum;
  }

  @Override
  public double computeScore(
      INDArray labels,
      INDArray preOutput,
      IActivation activationFn,
      INDArray mask,
      boolean average) {
    double score = original.computeScore(labels, preOutput, activationFn, mask, average);
    long examples = preOutput.size(0);
    lastLossSum = average ? score * examples : score;
    // A softmax keeps the order: the largest logit is the largest probability.
    lastCorrect = new Logits(labels, preOutput, activationFn, mask).correct();
    return score;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
    return original.computeScoreArray(labels, preOutput, activationFn, mask);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
    return original.computeGradient(labels, preOutput, activationFn, mask);
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels,
      INDArray preOutput,
      IActivation activationFn,
      INDArray mask,
      boolean average) {
    return new Pair<>(
        computeScore(labels, preOutput, activationFn, mask, average),
        computeGradient(labels, preOutput, activationFn, mask));
  }

  @Override
  public String name() {
    return original.name();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CountingCrossEntropy loss && loss.original.equals(original);
  }

  @Override
  public int hashCode() {
    return original.hashCode();
  }

  @Override
  public String toString() {
    return original.toString();
  }
}
