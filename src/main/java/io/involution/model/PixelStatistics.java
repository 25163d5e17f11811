package io.involution.model;

import io.involution.data.ImageShape;
import io.involution.data.Shard;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums over the pixels of examples, from which their normalization follows. They are whole numbers,
 * so that it does not matter in which order they are added up.
 */
public final class PixelStatistics {
  private PixelStatistics() {}

  /**
   * The sums of a shard.
   *
   * @return for every channel the sum of its values, then for every channel that of their squares,
   *     then the number of values of a channel
   */
  public static long[] of(Shard shard) {
    ImageShape image = shard.image();
    int channels = image.channels();
    byte[] pixels = shard.pixels();
    long[] sums = new long[2 * channels + 1];
    for (int example = 0; example < shard.size(); example++) {
      for (int channel = 0; channel < channels; channel++) {
        int from = shard.offset(example) + channel * image.plane();
        for (int i = from; i < from + image.plane(); i++) {
          int value = pixels[i] & 0xff;
          sums[channel] += value;
          sums[channels + channel] += (long) value * value;
        }
      }
    }
    sums[2 * channels] = (long) shard.size() * image.plane();
    return sums;
  }

  /**
   * The normalization that gives the examples a mean of 0 and a standard deviation of 1 in every
   * channel; a channel whose values are all the same is only centered.
   *
   * @param sums the sums over all examples
   */
  public static Normalization normalization(long[] sums) {
    int channels = sums.length / 2;
    double values = sums[2 * channels];
    List<Double> means = new ArrayList<>();
    List<Double> deviations = new ArrayList<>();
    for (int channel = 0; channel < channels; channel++) {
      double mean = sums[channel] / values;
      double variance = Math.max(0, sums[channels + channel] / values - mean * mean);
      double deviation = Math.sqrt(variance) / 255;
      means.add(mean / 255);
      deviations.add(deviation < 1e-6 ? 1 : deviation);
    }
    return new Normalization(means, deviations);
  }
}
