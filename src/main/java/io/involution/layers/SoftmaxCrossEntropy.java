package io.involution.layers;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Softmax and multi-class cross-entropy in one: for logits {@code z} and a label row {@code y} that
 * sums to 1, the loss of an example is {@code log(sum over j of exp(z[j])) - sum over j of y[j] *
 * z[j]} in nats and its gradient {@code softmax(z) - y}. Logits and labels are {@code [examples,
 * classes]}. Computed in float64 relative to the largest logit, so it is finite for any finite
 * logits; NaN gives NaN. Unlike DL4J's {@code LossMCXENT} it clips no probability.
 *
 * <p>With class weights {@code w} the loss of an example and its gradient are multiplied by {@code
 * sum over j of y[j] * w[j]}: for one-hot labels, the weight of its class.
 *
 * <p>With label smoothing S (Szegedy et al., "Rethinking the Inception Architecture for Computer
 * Vision", CVPR 2016, section 7) the label is {@code (1 - S) y + S / classes}; the weight of an
 * example stays that of its class.
 *
 * <p>It also counts the correct predictions of the minibatch that it scored last. That state is one
 * network's and is not saved.
 */
public final class SoftmaxCrossEntropy implements ILossFunction, CountedLoss {
  private static final long serialVersionUID = 1;

  /** By class; null without weights, so that configurations without them stay as they are. */
  @JsonProperty("weights")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private final double[] weights;

  /** 0 without label smoothing, so that configurations without it stay as they are. */
  @JsonProperty("smoothing")
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  private final double smoothing;

  private transient int lastCorrect;
  private transient double lastLossSum;

  /** Without class weights and label smoothing. */
  public SoftmaxCrossEntropy() {
    this(null, 0);
  }

  /**
   * With class weights or label smoothing.
   *
   * @param weights the weight of each class, 0 or more; null for none
   * @param smoothing share of a label that is spread over all classes, from 0 to less than 1
   * @throws IllegalArgumentException if a number is out of bounds or not finite
   */
  @JsonCreator
  public SoftmaxCrossEntropy(
      @JsonProperty("weights") double[] weights, @JsonProperty("smoothing") double smoothing) {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException("a label smoothing of " + smoothing);
    }
    this.smoothing = smoothing;
    if (weights != null) {
      for (double weight : weights) {
        if (!(weight >= 0 && Double.isFinite(weight))) {
          throw new IllegalArgumentException("a class weight of " + weight);
        }
      }
    }
    this.weights = weights == null ? null : weights.clone();
  }

  /** The loss of a network with one output layer, as the network itself uses it. */
  public static SoftmaxCrossEntropy of(ComputationGraph network) {
    BaseOutputLayer layer = (BaseOutputLayer) network.getOutputLayer(0).conf().getLayer();
    return (SoftmaxCrossEntropy) layer.getLossFn();
  }

  /** This loss with the other one's class weights and label smoothing where it has none itself. */
  public SoftmaxCrossEntropy over(SoftmaxCrossEntropy other) {
    return new SoftmaxCrossEntropy(
        weights == null ? other.weights : weights, smoothing == 0 ? other.smoothing : smoothing);
  }

  /** The weight of each class; empty without weights. */
  public double[] classWeights() {
    return weights == null ? new double[0] : weights.clone();
  }

  /** The share of a label that is spread over all classes; 0 for none. */
  public double labelSmoothing() {
    return smoothing;
  }

  @Override
  public int lastCorrect() {
    return lastCorrect;
  }

  /**
   * Sum of the last scored minibatch's losses over its examples, in nats, without class weights and
   * label smoothing: the loss that an evaluation computes.
   */
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
    Logits logits = new Logits(labels, preOutput, activationFn, mask);
    double sum = 0;
    double weighted = 0;
    for (int example = 0; example < logits.examples; example++) {
      double plain = logits.loss(example);
      sum += plain;
      double loss = smoothing == 0 ? plain : logits.loss(example, smoothing);
      weighted += weights == null ? loss : logits.weight(example, weights) * loss;
    }
    lastCorrect = logits.correct();
    lastLossSum = sum;
    return average ? weighted / logits.examples : weighted;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
    Logits logits = new Logits(labels, preOutput, activationFn, mask);
    double[] losses = new double[logits.examples];
    for (int example = 0; example < losses.length; example++) {
      losses[example] = logits.loss(example, smoothing);
      if (weights != null) {
        losses[example] *= logits.weight(example, weights);
      }
    }
    return Nd4j.createFromArray(losses)
        .reshape('c', logits.examples, 1)
        .castTo(preOutput.dataType());
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
    Logits logits = new Logits(labels, preOutput, activationFn, mask);
    return Nd4j.createFromArray(logits.gradients(weights, smoothing))
        .reshape('c', preOutput.shape())
        .castTo(preOutput.dataType());
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
    return "SoftmaxCrossEntropy";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SoftmaxCrossEntropy loss
        && Arrays.equals(weights, loss.weights)
        && smoothing == loss.smoothing;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(weights) + Double.hashCode(smoothing);
  }

  @Override
  public String toString() {
    String byClass = weights == null ? "" : "weights of " + weights.length + " classes";
    String smoothed = smoothing == 0 ? "" : "label smoothing " + smoothing;
    return name()
        + "("
        + byClass
        + (byClass.isEmpty() || smoothed.isEmpty() ? "" : ", ")
        + smoothed
        + ")";
  }
}
