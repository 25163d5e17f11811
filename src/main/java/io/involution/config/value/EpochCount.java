package io.involution.config.value;

import io.involution.config.option.Recorded;
import io.involution.failure.InputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Passes over the training examples, of which the last one may be cut short.
 *
 * @param whole whole passes
 * @param thousandths of the examples that are used once more after them, 0 to 999
 */
public record EpochCount(int whole, int thousandths) implements Recorded {
  private static final int THOUSAND = 1000;
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,3})0*)?");

  /** Checks that there is something to train. */
  public EpochCount {
    if (whole < 0 || thousandths < 0 || thousandths >= THOUSAND || whole + thousandths == 0) {
      throw new IllegalArgumentException(whole + " epochs and " + thousandths + " thousandths");
    }
  }

  /** Whole epochs. */
  public static EpochCount of(int whole) {
    return new EpochCount(whole, 0);
  }

  /**
   * Parses a number such as {@code 20} or {@code 9.9}, with up to three decimals.
   *
   * @throws InputException when it is not one above 0
   */
  public static EpochCount parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (matcher.matches()) {
      String decimals = matcher.group(2) == null ? "" : matcher.group(2);
      int whole = Integer.parseInt(matcher.group(1));
      int thousandths = Integer.parseInt((decimals + "000").substring(0, 3));
      if (whole + thousandths > 0) {
        return new EpochCount(whole, thousandths);
      }
    }
    throw new InputException(
        "--epochs is " + text + ": use 1 or more, or a fraction with up to three decimals");
  }

  /** Whether the last one is not cut short. */
  public boolean isWhole() {
    return thousandths == 0;
  }

  /** The number of the last epoch, from 1. */
  public int last() {
    return isWhole() ? whole : whole + 1;
  }

  /**
   * Local steps of all epochs together, rounded up.
   *
   * @param stepsPerEpoch of a whole epoch
   */
  public long steps(int stepsPerEpoch) {
    long part = (long) thousandths * stepsPerEpoch;
    return (long) whole * stepsPerEpoch + (part + THOUSAND - 1) / THOUSAND;
  }

  /** As a number. */
  public double value() {
    return Double.parseDouble(word());
  }

  /** The text that the option takes, such as {@code 9.9}. */
  public String word() {
    String decimals = String.valueOf(THOUSAND + thousandths).substring(1).replaceAll("0+$", "");
    return decimals.isEmpty() ? String.valueOf(whole) : whole + "." + decimals;
  }

  /** A whole number where it is one. */
  @Override
  public Object recorded() {
    return isWhole() ? (Object) whole : (Object) value();
  }
}
