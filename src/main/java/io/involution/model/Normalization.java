package io.involution.model;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * What a network's pixels go through before its first layer: {@code (value / 255 - mean) /
 * standardDeviation}, channel by channel. Part of the model: it is applied wherever the model is.
 *
 * @param mean what is subtracted from each channel; one number is that of all channels
 * @param standardDeviation what each channel is divided by, above 0; as many
 */
public record Normalization(List<Double> mean, List<Double> standardDeviation)
    implements Serializable {
  /** Pixels are divided by 255, and nothing else. */
  public static final Normalization NONE = new Normalization(List.of(0.0), List.of(1.0));

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException when the lists differ in length, or a number cannot be used
   */
  public Normalization {
    mean = List.copyOf(mean);
    standardDeviation = List.copyOf(standardDeviation);
    if (mean.isEmpty() || mean.size() != standardDeviation.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d means and %d standard deviations",
              mean.size(),
              standardDeviation.size()));
    }
    for (int channel = 0; channel < mean.size(); channel++) {
      double center = mean.get(channel);
      double spread = standardDeviation.get(channel);
      if (!(Math.abs(center) <= 1e3 && spread >= 1e-6 && spread <= 1e3)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "a mean of %s and a standard deviation of %s", center, spread));
      }
    }
  }

  /** Whether it changes nothing. */
  public boolean isNone() {
    return mean.stream().allMatch(center -> center == 0)
        && standardDeviation.stream().allMatch(spread -> spread == 1);
  }

  /** Whether images of so many channels can be normalized by it. */
  public boolean fits(int channels) {
    return mean.size() == 1 || mean.size() == channels;
  }

  /** What is subtracted from a channel, counted from 0. */
  public double mean(int channel) {
    return mean.get(Math.min(channel, mean.size() - 1));
  }

  /** What a channel, counted from 0, is divided by. */
  public double standardDeviation(int channel) {
    return standardDeviation.get(Math.min(channel, mean.size() - 1));
  }

  /**
   * The float32 number of each of a channel's 256 values.
   *
   * @param channel from 0
   */
  public float[] table(int channel) {
    float[] table = new float[256];
    for (int value = 0; value < table.length; value++) {
      table[value] = (float) ((value / 255.0 - mean(channel)) / standardDeviation(channel));
    }
    return table;
  }
}
