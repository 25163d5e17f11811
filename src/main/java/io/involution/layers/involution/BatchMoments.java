package io.involution.layers.involution;

import io.involution.compute.ImageChunks;

/**
 * Mean and sum of squared deviations of each reduced channel, computed per chunk of images and
 * combined in chunk order (Chan, Golub and LeVeque 1979), which stays accurate if the mean is large
 * compared to the deviation.
 */
public final class BatchMoments {
  private final double[][] means = new double[ImageChunks.MOST][];
  private final double[][] squares = new double[ImageChunks.MOST][];
  private final long[] counts = new long[ImageChunks.MOST];
  private final int channels;

  /** The moments of a number of channels. */
  public BatchMoments(int channels) {
    this.channels = channels;
    for (int chunk = 0; chunk < ImageChunks.MOST; chunk++) {
      means[chunk] = new double[channels];
      squares[chunk] = new double[channels];
    }
  }

  /**
   * Records one channel of one chunk.
   *
   * @param count number of values in the chunk, the same for all of its channels
   * @param mean the values' mean
   * @param square sum of the squared deviations from that mean
   */
  public void put(int chunk, int channel, long count, double mean, double square) {
    counts[chunk] = count;
    means[chunk][channel] = mean;
    squares[chunk][channel] = square;
  }

  /** Number of values per channel in the first chunks. */
  public long count(int chunks) {
    long total = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      total += counts[chunk];
    }
    return total;
  }

  /** Combines the first chunks into each channel's mean and biased variance. */
  public void join(int chunks, double[] mean, double[] variance) {
    for (int channel = 0; channel < channels; channel++) {
      long count = 0;
      double joined = 0;
      double square = 0;
      for (int chunk = 0; chunk < chunks; chunk++) {
        long more = counts[chunk];
        double delta = means[chunk][channel] - joined;
        long total = count + more;
        joined += delta * more / total;
        square += squares[chunk][channel] + delta * delta * count * more / total;
        count = total;
      }
      mean[channel] = joined;
      variance[channel] = square / count;
    }
  }
}
