package io.involution.layers;

import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Softmax and multi-class cross-entropy in one: for logits {@code z} and a label row {@code y} that
 * sums to 1, the loss of an example is {@code log(sum over j of exp(z[j])) - sum over j of y[j] *
 * z[j]} in nats and its gradient {@code softmax(z) - y}. Logits and labels are {@code [examples,
 * classes]}. Computed in float64 relative to the largest logit, so it is finite for any finite
 * logits; NaN gives NaN. Unlike DL4J's {@code LossMCXENT} it clips no probability.
 *
 * <p>It also counts the correct predictions of the minibatch that it scored last. That state is one
 * network's and is not saved.
 */
public final class SoftmaxCrossEntropy implements ILossFunction {
  private static final long serialVersionUID = 1;

  private transient int lastCorrect;
  private transient double lastLossSum;

  /** The loss of a network with one output layer, as the network itself uses it. */
  public static SoftmaxCrossEntropy of(ComputationGraph network) {
    BaseOutputLayer layer = (BaseOutputLayer) network.getOutputLayer(0).conf().getLayer();
    return (SoftmaxCrossEntropy) layer.getLossFn();
  }

  /** Examples of the last scored minibatch whose largest logit is that of their largest label. */
  public int lastCorrect() {
    return lastCorrect;
  }

  /** Sum of the last scored minibatch's losses over its examples, in nats. */
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
    int correct = 0;
    double sum = 0;
    for (int example = 0; example < logits.examples; example++) {
      sum += logits.loss(example);
      correct += logits.isCorrect(example) ? 1 : 0;
    }
    lastCorrect = correct;
    lastLossSum = sum;
    return average ? sum / logits.examples : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
    Logits logits = new Logits(labels, preOutput, activationFn, mask);
    double[] losses = new double[logits.examples];
    for (int example = 0; example < losses.length; example++) {
      losses[example] = logits.loss(example);
    }
    return Nd4j.createFromArray(losses)
        .reshape('c', logits.examples, 1)
        .castTo(preOutput.dataType());
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
    Logits logits = new Logits(labels, preOutput, activationFn, mask);
    return Nd4j.createFromArray(logits.gradients())
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
    return other instanceof SoftmaxCrossEntropy;
  }

  @Override
  public int hashCode() {
    return SoftmaxCrossEntropy.class.hashCode();
  }

  @Override
  public String toString() {
    return name() + "()";
  }

  /** A minibatch's logits and labels as Java arrays in c order. */
  private static final class Logits {
    final int examples;
    final int classes;
    final double[] logits;
    final double[] labels;

    Logits(INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
      if (!labels.equalShapes(preOutput) || preOutput.rank() != 2) {
        throw new IllegalArgumentException(
            "labels and logits must be [examples, classes], not "
                + labels.shapeInfoToString()
                + " and "
                + preOutput.shapeInfoToString());
      }
      if (!(activationFn instanceof ActivationSoftmax) || mask != null) {
        throw new IllegalArgumentException("needs an output layer with softmax and without a mask");
      }
      examples = Math.toIntExact(preOutput.size(0));
      classes = Math.toIntExact(preOutput.size(1));
      logits = preOutput.dup('c').data().asDouble();
      this.labels = labels.dup('c').data().asDouble();
    }

    private double largest(int example) {
      double largest = logits[example * classes];
      for (int j = 1; j < classes; j++) {
        largest = Math.max(largest, logits[example * classes + j]);
      }
      return largest;
    }

    double loss(int example) {
      double largest = largest(example);
      double sum = 0;
      double expected = 0;
      for (int i = example * classes; i < (example + 1) * classes; i++) {
        sum += Math.exp(logits[i] - largest);
        if (labels[i] != 0) {
          expected += labels[i] * (logits[i] - largest);
        }
      }
      return Math.log(sum) - expected;
    }

    double[] gradients() {
      double[] gradients = new double[logits.length];
      for (int example = 0; example < examples; example++) {
        double largest = largest(example);
        double sum = 0;
        for (int i = example * classes; i < (example + 1) * classes; i++) {
          gradients[i] = Math.exp(logits[i] - largest);
          sum += gradients[i];
        }
        for (int i = example * classes; i < (example + 1) * classes; i++) {
          gradients[i] = gradients[i] / sum - labels[i];
        }
      }
      return gradients;
    }

    boolean isCorrect(int example) {
      int predicted = example * classes;
      int actual = example * classes;
      for (int i = predicted + 1; i < (example + 1) * classes; i++) {
        predicted = logits[i] > logits[predicted] ? i : predicted;
        actual = labels[i] > labels[actual] ? i : actual;
      }
      return predicted == actual && !Double.isNaN(largest(example));
    }
  }
}
