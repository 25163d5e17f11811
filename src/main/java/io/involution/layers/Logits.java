package io.involution.layers;

import io.involution.layers.array.HostBuffer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A minibatch's logits and labels as Java arrays in c order. */
final class Logits {
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
    logits = numbers(preOutput);
    this.labels = numbers(labels);
  }

  private static double[] numbers(INDArray array) {
    INDArray dense = array.dup('c');
    boolean readable = array.dataType() == DataType.FLOAT || array.dataType() == DataType.DOUBLE;
    if (!readable || !Nd4j.getEnvironment().isCPU()) {
      return dense.data().asDouble();
    }
    // ND4J asks for the type of every number.
    double[] numbers = new double[Math.toIntExact(dense.length())];
    HostBuffer.of(dense).read(0, numbers, 0, numbers.length);
    return numbers;
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

  /** The loss with a share of the label spread evenly over all classes. */
  double loss(int example, double smoothing) {
    double loss = loss(example);
    if (smoothing == 0) {
      return loss;
    }
    // Both losses are the logarithm of the sum minus a mean of logits: the label's, or that of all.
    double largest = largest(example);
    double difference = 0;
    for (int i = example * classes; i < (example + 1) * classes; i++) {
      difference += (labels[i] - 1.0 / classes) * (logits[i] - largest);
    }
    return loss + smoothing * difference;
  }

  /** The weight of an example: that of its class. */
  double weight(int example, double[] weights) {
    if (weights.length != classes) {
      throw new IllegalArgumentException(
          weights.length + " class weights for " + classes + " classes");
    }
    double weight = 0;
    for (int j = 0; j < classes; j++) {
      weight += labels[example * classes + j] * weights[j];
    }
    return weight;
  }

  double[] gradients(double[] weights, double smoothing) {
    double[] gradients = new double[logits.length];
    for (int example = 0; example < examples; example++) {
      double largest = largest(example);
      double sum = 0;
      for (int i = example * classes; i < (example + 1) * classes; i++) {
        gradients[i] = Math.exp(logits[i] - largest);
        sum += gradients[i];
      }
      for (int i = example * classes; i < (example + 1) * classes; i++) {
        double label =
            smoothing == 0 ? labels[i] : (1 - smoothing) * labels[i] + smoothing / classes;
        gradients[i] = gradients[i] / sum - label;
      }
      if (weights != null) {
        double weight = weight(example, weights);
        for (int i = example * classes; i < (example + 1) * classes; i++) {
          gradients[i] *= weight;
        }
      }
    }
    return gradients;
  }

  /** How many examples have their largest logit at their label; none whose logits hold a NaN. */
  int correct() {
    int correct = 0;
    for (int example = 0; example < examples; example++) {
      correct += isCorrect(example) ? 1 : 0;
    }
    return correct;
  }

  private boolean isCorrect(int example) {
    int predicted = example * classes;
    int actual = example * classes;
    for (int i = predicted + 1; i < (example + 1) * classes; i++) {
      predicted = logits[i] > logits[predicted] ? i : predicted;
      actual = labels[i] > labels[actual] ? i : actual;
    }
    return predicted == actual && !Double.isNaN(largest(example));
  }
}
