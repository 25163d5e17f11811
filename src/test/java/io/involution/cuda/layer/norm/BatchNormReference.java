package io.involution.cuda.layer.norm;

import io.involution.layers.norm.Nonlinearity;
import io.involution.layers.norm.ShortcutPlace;
import java.util.Arrays;

/**
 * A BatchNorm in float64 by its definition, of a minibatch [count][channels][plane] and parameters
 * {gamma, if it has them, beta, means, variances}.
 */
final class BatchNormReference {
  private static final double FAR = 9;

  private final int channels;
  private final int plane;
  private final boolean scaled;
  private final Nonlinearity function;
  private final ShortcutPlace place;
  private final double[] x;
  private final double[] more;

  /** What was added to the variance, and the running statistics' share that stays. */
  static final double EPSILON = 1e-3;

  static final double DECAY = 0.7;

  final double[] parameters;
  final double[] output;
  final double[] inputGradient;
  final double[] moreGradient;
  final double[] gradients;

  private final double[] z;
  private final double[] normal;
  private double[] variances;

  BatchNormReference(
      int[] sizes, boolean scaled, Nonlinearity function, ShortcutPlace place, double[]... values) {
    channels = sizes[0];
    plane = sizes[1];
    this.scaled = scaled;
    this.function = function;
    this.place = place;
    x = values[0];
    more = values[1];
    parameters = values[2].clone();
    output = new double[x.length];
    inputGradient = new double[x.length];
    moreGradient = new double[x.length];
    gradients = new double[parameters.length];
    z = new double[x.length];
    normal = new double[x.length];
  }

  private int channel(int at) {
    return at / plane % channels;
  }

  private double[] means(double... values) {
    double[] means = new double[channels];
    for (int i = 0; i < values.length; i++) {
      means[channel(i)] += values[i] * channels / values.length;
    }
    return means;
  }

  private double gamma(int channel) {
    return scaled ? parameters[channel] : 1;
  }

  /** Makes the output by the minibatch's statistics, and moves the running ones; or by those. */
  void forward(boolean training) {
    int beta = scaled ? channels : 0;
    int mean = beta + channels;
    double[] center = Arrays.copyOfRange(parameters, mean, mean + channels);
    double[] variance = Arrays.copyOfRange(parameters, mean + channels, mean + 2 * channels);
    if (training) {
      center = means(x);
      double[] squares = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        squares[i] = Math.pow(x[i] - center[channel(i)], 2);
      }
      variance = means(squares);
      for (int c = 0; c < channels && x.length > channels; c++) {
        parameters[mean + c] += (1 - DECAY) * (center[c] - parameters[mean + c]);
        int at = mean + channels + c;
        parameters[at] += (1 - DECAY) * (variance[c] - parameters[at]);
      }
    }
    for (int i = 0; i < x.length; i++) {
      int c = channel(i);
      normal[i] = (x[i] - center[c]) / Math.sqrt(variance[c] + EPSILON);
      z[i] = gamma(c) * normal[i] + parameters[beta + c];
      double before = place == ShortcutPlace.BEFORE_ACTIVATION ? more[i] : 0;
      double after = place == ShortcutPlace.AFTER_ACTIVATION ? more[i] : 0;
      z[i] += before;
      output[i] = activated(z[i]) + after;
    }
    variances = variance;
  }

  /** Makes the gradients of the output's, after a forward pass in training. */
  void backward(double... gradient) {
    double[] of = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double step = 1e-5;
      double slope = (activated(z[i] + step) - activated(z[i] - step)) / (2 * step);
      of[i] = function == Nonlinearity.RELU ? (z[i] > 0 ? gradient[i] : 0) : gradient[i] * slope;
      moreGradient[i] = place == ShortcutPlace.BEFORE_ACTIVATION ? of[i] : gradient[i];
    }
    double[] along = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      along[i] = of[i] * normal[i];
    }
    double[] means = means(of);
    double[] products = means(along);
    for (int i = 0; i < x.length; i++) {
      int c = channel(i);
      double factor = gamma(c) / Math.sqrt(variances[c] + EPSILON);
      inputGradient[i] = factor * (of[i] - means[c] - normal[i] * products[c]);
    }
    for (int c = 0; c < channels; c++) {
      double count = (double) x.length / channels;
      gradients[(scaled ? channels : 0) + c] = means[c] * count;
      if (scaled) {
        gradients[c] = products[c] * count;
      }
    }
  }

  private double activated(double value) {
    return switch (function) {
      case IDENTITY -> value;
      case RELU -> Math.max(0, value);
      case GELU -> value * below(value);
    };
  }

  /** The normal distribution function by Simpson's rule. */
  static double below(double value) {
    int steps = 2000;
    double from = Math.max(-FAR, Math.min(FAR, value));
    double width = from / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      int weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-Math.pow(i * width, 2) / 2);
    }
    return 0.5 + sum * width / 3 / Math.sqrt(2 * Math.PI);
  }
}
