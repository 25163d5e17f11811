package io.involution.layers.norm;

import io.involution.layers.involution.BatchMoments;
import java.util.Arrays;

/**
 * A BatchNorm (Ioffe and Szegedy, 2015) as numbers per channel: {@code z = scale * (x - center) +
 * shift}. The center is the mean as the element type can hold it, and the shift makes up for the
 * rest, so that a deviation much smaller than the mean loses nothing.
 */
final class NormStatistics {
  final double[] center;
  final double[] scale;
  final double[] shift;

  private final NormSettings settings;
  private final double[] mean;
  private final double[] variance;
  private final boolean single;
  private boolean batch;

  /**
   * For one layer.
   *
   * @param single whether the elements are float32, not float64
   */
  NormStatistics(NormSettings settings, boolean single) {
    this.settings = settings;
    this.single = single;
    int channels = settings.offsets().channels();
    center = new double[channels];
    scale = new double[channels];
    shift = new double[channels];
    mean = new double[channels];
    variance = new double[channels];
  }

  /**
   * Normalizes by the batch, and moves the running statistics towards it. One value per channel
   * says nothing of a variance: then the running statistics stay.
   *
   * @param moments of the batch's chunks
   * @param chunks how many
   * @param parameters the layer's, of which the statistics change
   */
  void useBatch(BatchMoments moments, int chunks, double[] parameters) {
    batch = true;
    moments.join(chunks, mean, variance);
    if (moments.count(chunks) > 1) {
      NormOffsets offsets = settings.offsets();
      for (int channel = 0; channel < mean.length; channel++) {
        move(parameters, offsets.mean() + channel, mean[channel]);
        move(parameters, offsets.variance() + channel, variance[channel]);
      }
    }
    fold(parameters);
  }

  private void move(double[] parameters, int index, double towards) {
    parameters[index] = settings.decay() * parameters[index] + (1 - settings.decay()) * towards;
  }

  /** Normalizes by the running statistics. */
  void useRunning(double[] parameters) {
    batch = false;
    System.arraycopy(parameters, settings.offsets().mean(), mean, 0, mean.length);
    System.arraycopy(parameters, settings.offsets().variance(), variance, 0, mean.length);
    fold(parameters);
  }

  private void fold(double[] parameters) {
    NormOffsets offsets = settings.offsets();
    for (int channel = 0; channel < mean.length; channel++) {
      double gamma = offsets.scaled() ? parameters[offsets.gamma() + channel] : 1;
      double factor = gamma * deviation(channel);
      scale[channel] = round(factor);
      center[channel] = round(mean[channel]);
      shift[channel] =
          parameters[offsets.beta() + channel] + factor * (center[channel] - mean[channel]);
    }
  }

  /** 1 / standard deviation. */
  private double deviation(int channel) {
    return 1 / Math.sqrt(variance[channel] + settings.epsilon());
  }

  private double round(double value) {
    return single ? (float) value : value;
  }

  /**
   * Writes the parameters' gradients, and what the input's gradient needs: with g, the gradient of
   * z, it is {@code scale * (g - constant - slope * (x - center))}.
   *
   * @param count number of values per channel
   * @param sums sum of g by channel, then sum of g * (x - center) by channel
   * @param gradient the gradient of all parameters, that of the statistics being 0
   * @return constants and slopes
   */
  double[][] backward(long count, double[] sums, double[] gradient) {
    int channels = mean.length;
    NormOffsets offsets = settings.offsets();
    Arrays.fill(gradient, 0);
    double[] constants = new double[channels];
    double[] slopes = new double[channels];
    for (int channel = 0; channel < channels; channel++) {
      double rest = center[channel] - mean[channel];
      double sum = sums[channel];
      double product = sums[channels + channel] + rest * sum;
      double inverse = deviation(channel);
      gradient[offsets.beta() + channel] = sum;
      if (offsets.scaled()) {
        gradient[offsets.gamma() + channel] = product * inverse;
      }
      if (batch) {
        slopes[channel] = product / count * inverse * inverse;
        constants[channel] = sum / count + slopes[channel] * rest;
      }
    }
    return new double[][] {constants, slopes};
  }
}
