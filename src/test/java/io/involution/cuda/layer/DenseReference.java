package io.involution.cuda.layer;

/** A dense layer in float64: its forward pass and gradients, entry by entry. */
final class DenseReference {
  private final int count;
  private final int inputs;
  private final int outputs;
  private final double[] x;
  private final double[] parameters;

  /**
   * For a minibatch.
   *
   * @param x {@code [count][inputs]}
   * @param parameters weights {@code [outputs][inputs]}, then biases
   */
  DenseReference(int count, int outputs, double[] x, double[] parameters) {
    this.count = count;
    this.outputs = outputs;
    inputs = x.length / count;
    this.x = x;
    this.parameters = parameters;
  }

  double[] output(boolean relu) {
    double[] y = new double[count * outputs];
    for (int i = 0; i < y.length; i++) {
      double sum = parameters[inputs * outputs + i % outputs];
      for (int k = 0; k < inputs; k++) {
        sum += x[i / outputs * inputs + k] * parameters[i % outputs * inputs + k];
      }
      y[i] = relu ? Math.max(0, sum) : sum;
    }
    return y;
  }

  /** The gradient behind the ReLU, before it. */
  static double[] gated(double[] gradient, double[] output) {
    double[] gated = new double[gradient.length];
    for (int i = 0; i < gated.length; i++) {
      gated[i] = output[i] > 0 ? gradient[i] : 0;
    }
    return gated;
  }

  double[] parameterGradient(double[] gradient) {
    double[] sums = new double[parameters.length];
    for (int i = 0; i < gradient.length; i++) {
      int output = i % outputs;
      sums[inputs * outputs + output] += gradient[i];
      for (int k = 0; k < inputs; k++) {
        sums[output * inputs + k] += gradient[i] * x[i / outputs * inputs + k];
      }
    }
    return sums;
  }

  double[] inputGradient(double[] gradient) {
    double[] sums = new double[x.length];
    for (int i = 0; i < gradient.length; i++) {
      for (int k = 0; k < inputs; k++) {
        sums[i / outputs * inputs + k] += gradient[i] * parameters[i % outputs * inputs + k];
      }
    }
    return sums;
  }

  static double[] doubles(float... values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
