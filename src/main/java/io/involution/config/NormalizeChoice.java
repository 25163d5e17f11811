package io.involution.config;

import io.involution.config.option.Recorded;
import io.involution.failure.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How pixels are normalized: by given numbers, by those of the training set, or not at all.
 *
 * @param word as the user gave it
 * @param mean means by channel; empty if they are not given
 * @param standardDeviation standard deviations by channel; as many
 */
public record NormalizeChoice(String word, List<Double> mean, List<Double> standardDeviation)
    implements Recorded {
  private static final String NONE = "none";
  private static final String TRAIN = "train";

  /** The largest number that makes sense for pixels from 0 to 1. */
  private static final double MOST = 1000;

  private static final double LEAST = 1e-6;

  /** Copies the lists. */
  public NormalizeChoice {
    mean = List.copyOf(mean);
    standardDeviation = List.copyOf(standardDeviation);
  }

  @Override
  public Object recorded() {
    return word;
  }

  /** Whether the numbers are those of the training set. */
  public boolean isFromTraining() {
    return word.equals(TRAIN);
  }

  /** Whether the numbers are given. */
  public boolean isGiven() {
    return !mean.isEmpty();
  }

  /**
   * Parses {@code none}, {@code train}, or means and standard deviations such as {@code
   * 0.49:0.48:0.45,0.25:0.24:0.26}.
   *
   * @throws InputException if it is none of these
   */
  static NormalizeChoice parse(String text) {
    if (text.equals(NONE) || text.equals(TRAIN)) {
      return new NormalizeChoice(text, List.of(), List.of());
    }
    try {
      List<List<Double>> numbers =
          Arrays.stream(text.split(",", -1)).map(NormalizeChoice::numbers).toList();
      if (numbers.size() == 2
          && numbers.get(0).size() == numbers.get(1).size()
          && numbers.get(0).stream().allMatch(mean -> Math.abs(mean) <= MOST)
          && numbers.get(1).stream().allMatch(spread -> spread >= LEAST && spread <= MOST)) {
        return new NormalizeChoice(text, numbers.get(0), numbers.get(1));
      }
    } catch (NumberFormatException e) {
      throw refused(text, e);
    }
    throw refused(text, null);
  }

  private static InputException refused(String text, Exception cause) {
    return new InputException(
        String.format(
            Locale.ROOT,
            "--normalize is '%s': use none, train, or MEAN,STD as numbers of pixels from 0 to 1, by"
                + " channel with colons between them, such as 0.49:0.48:0.45,0.25:0.24:0.26",
            text),
        cause);
  }

  private static List<Double> numbers(String text) {
    return Arrays.stream(text.split(":", -1)).map(Double::valueOf).toList();
  }
}
