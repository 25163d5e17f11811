package io.involution.layers.involution;

import io.involution.layers.array.HostBuffer;

/**
 * The BatchNorm between the two 1x1 convolutions (Ioffe and Szegedy, 2015) as one scale and one
 * shift per channel, for r' = W x, the first convolution without its bias: in training the bias
 * cancels out, in inference it is part of the shift.
 */
public final class BatchNorm {
  /** Added to the variance. */
  public static final double EPSILON = 1e-3;

  /** Share of the running statistics that one training step keeps. */
  public static final double MOMENTUM = 0.99;

  /** Factor of r' : gamma / sqrt(variance + epsilon). */
  public final double[] scale;

  /** Added to scale * r'. */
  public final double[] shift;

  /** Mean of r' in the batch. */
  public final double[] mean;

  /** 1 / (variance + epsilon). */
  final double[] inverse;

  private final double[] variance;
  private final ParameterOffsets offsets;
  private boolean batch;

  /** The BatchNorm of a number of channels, whose parameters are at some offsets. */
  public BatchNorm(ParameterOffsets offsets, int channels) {
    this.offsets = offsets;
    scale = new double[channels];
    shift = new double[channels];
    mean = new double[channels];
    inverse = new double[channels];
    variance = new double[channels];
  }

  /** Normalizes by the batch statistics and moves the running statistics towards them. */
  private void useBatch(BatchMoments moments, int chunks, double[] parameters) {
    batch = true;
    moments.join(chunks, mean, variance);
    for (int channel = 0; channel < mean.length; channel++) {
      double biased = mean[channel] + parameters[offsets.reduceBias + channel];
      move(parameters, offsets.mean + channel, biased);
      move(parameters, offsets.variance + channel, variance[channel]);
    }
    fold(parameters);
  }

  private static void move(double[] parameters, int index, double towards) {
    parameters[index] = MOMENTUM * parameters[index] + (1 - MOMENTUM) * towards;
  }

  /** Normalizes by the running statistics. */
  private void useRunning(double[] parameters) {
    batch = false;
    for (int channel = 0; channel < mean.length; channel++) {
      mean[channel] = parameters[offsets.mean + channel] - parameters[offsets.reduceBias + channel];
      variance[channel] = parameters[offsets.variance + channel];
    }
    fold(parameters);
  }

  private void fold(double[] parameters) {
    for (int channel = 0; channel < mean.length; channel++) {
      inverse[channel] = 1 / (variance[channel] + EPSILON);
      scale[channel] = parameters[offsets.gamma + channel] * Math.sqrt(inverse[channel]);
      shift[channel] = parameters[offsets.beta + channel] - mean[channel] * scale[channel];
    }
  }

  /**
   * Normalizes by the batch statistics in training, otherwise by the running statistics.
   *
   * @param chunks number of chunks with moments
   * @param parameters the layer's parameters; in training the running statistics move
   * @param stored the offsets of the statistics
   */
  public void normalize(
      boolean training, BatchMoments moments, int chunks, double[] parameters, HostBuffer stored) {
    if (training) {
      useBatch(moments, chunks, parameters);
      stored.write(offsets.mean, parameters, offsets.mean, 2 * mean.length);
    } else {
      useRunning(parameters);
    }
  }

  /**
   * What the backward pass needs for every channel, computed by {@link #backward}.
   *
   * @param count number of values per channel
   * @param gradient gradient of the parameters, which holds the sums at the offsets of beta and
   *     gamma
   * @return constant and slope, by channel
   */
  public double[][] corrections(long count, double[] gradient) {
    double[][] corrections = new double[mean.length][];
    for (int channel = 0; channel < corrections.length; channel++) {
      double sum = gradient[offsets.beta + channel];
      double product = gradient[offsets.gamma + channel];
      corrections[channel] = backward(channel, sum, product, count, gradient);
    }
    return corrections;
  }

  /**
   * What the backward pass of one channel needs in float32.
   *
   * @param correction constant and slope from {@link #corrections}
   * @return scale, constant, slope and mean
   */
  public float[] coefficients(int channel, double[] correction) {
    return new float[] {
      (float) scale[channel], (float) correction[0], (float) correction[1], (float) mean[channel]
    };
  }

  /**
   * Converts sums over the batch into what the backward pass needs: the gradient of r' is scale *
   * (g - constant - slope * (r' - mean)), where g is the gradient of the BatchNorm's output.
   *
   * @param sum sum of g
   * @param product sum of g * (r' - mean)
   * @param count number of values per channel
   * @param gradient gradient of the parameters: gamma, beta and the bias are written
   * @return constant and slope
   */
  private double[] backward(
      int channel, double sum, double product, long count, double[] gradient) {
    gradient[offsets.gamma + channel] = product * Math.sqrt(inverse[channel]);
    gradient[offsets.beta + channel] = sum;
    // Subtracting the batch mean cancels the bias, so in training its gradient is exactly 0.
    gradient[offsets.reduceBias + channel] = batch ? 0 : scale[channel] * sum;
    return batch
        ? new double[] {sum / count, product / count * inverse[channel]}
        : new double[] {0, 0};
  }
}
