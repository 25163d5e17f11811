package io.involution.layers;

import org.apache.commons.math3.special.Erf;

/**
 * A BatchNorm, an activation and a shortcut as their definitions say it, in float64 and one value
 * after the other: the images are [n, channels, plane].
 */
final class PlainNorm {
  private static final double KINK = 1e-4;

  final int images;
  final int channels;
  final int plane;
  final String activation;

  /** "none", "before" or "after" the activation. */
  final String shortcut;

  double epsilon = 1e-5;
  double[] gamma;
  double[] beta;
  double[] mean;
  double[] variance;

  PlainNorm(int images, int channels, int plane, String activation, String shortcut) {
    this.images = images;
    this.channels = channels;
    this.plane = plane;
    this.activation = activation;
    this.shortcut = shortcut;
    mean = new double[channels];
    variance = new double[channels];
  }

  int length() {
    return images * channels * plane;
  }

  int at(int image, int channel, int place) {
    return (image * channels + channel) * plane + place;
  }

  void measure(double[] pixels) {
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int n = 0; n < images; n++) {
        for (int p = 0; p < plane; p++) {
          sum += pixels[at(n, c, p)];
        }
      }
      mean[c] = sum / (images * plane);
      double squares = 0;
      for (int n = 0; n < images; n++) {
        for (int p = 0; p < plane; p++) {
          squares += Math.pow(pixels[at(n, c, p)] - mean[c], 2);
        }
      }
      variance[c] = squares / (images * plane);
    }
  }

  double[] output(double[] pixels, double[] second) {
    double[] output = new double[length()];
    for (int n = 0; n < images; n++) {
      for (int c = 0; c < channels; c++) {
        for (int p = 0; p < plane; p++) {
          int i = at(n, c, p);
          double z = preactivation(i, pixels, second);
          output[i] = activated(z) + (shortcut.equals("after") ? second[i] : 0);
        }
      }
    }
    return output;
  }

  /** What the activation function gets. */
  private double preactivation(int i, double[] pixels, double[] second) {
    int c = i / plane % channels;
    double z = gamma[c] * (pixels[i] - mean[c]) / Math.sqrt(variance[c] + epsilon) + beta[c];
    return shortcut.equals("before") ? z + second[i] : z;
  }

  /** Whether float32 may rightly see another side of the ReLU. */
  boolean isBesideKink(int i, double[] pixels, double[] second) {
    return activation.equals("RELU") && Math.abs(preactivation(i, pixels, second)) < KINK;
  }

  private double activated(double z) {
    return switch (activation) {
      case "RELU" -> Math.max(0, z);
      case "GELU" -> z * (1 + Erf.erf(z / Math.sqrt(2))) / 2;
      default -> z;
    };
  }
}
