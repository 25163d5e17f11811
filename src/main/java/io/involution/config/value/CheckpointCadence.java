package io.involution.config.value;

import io.involution.config.option.Recorded;
import io.involution.failure.InputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a checkpoint is written, counted from the beginning of training. One is always written
 * after the last epoch.
 *
 * @param every number of units between two checkpoints
 * @param unit the unit
 */
public record CheckpointCadence(int every, Unit unit) implements Recorded {
  private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,8})(epoch|round)s?");

  /** What is counted. */
  public enum Unit {
    /** Epochs, each with its evaluation. */
    EPOCH,
    /** Rounds, including those in the middle of an epoch. */
    ROUND
  }

  /**
   * Parses a text such as {@code 1epoch}, {@code 5epochs} or {@code 20rounds}.
   *
   * @throws InputException when it is none of these
   */
  public static CheckpointCadence parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new InputException(
          "--checkpoint-every is '" + text + "': use a number and its unit, 1epoch or 20rounds");
    }
    Unit unit = matcher.group(2).equals("epoch") ? Unit.EPOCH : Unit.ROUND;
    return new CheckpointCadence(Integer.parseInt(matcher.group(1)), unit);
  }

  /** Whether a checkpoint is due after an epoch and its evaluation, which is not the last. */
  public boolean dueAfterEpoch(int epoch) {
    return unit == Unit.EPOCH && epoch % every == 0;
  }

  /**
   * Whether a checkpoint is due after a round.
   *
   * @param round from 1, counted over all epochs
   */
  public boolean dueAfterRound(long round) {
    return unit == Unit.ROUND && round % every == 0;
  }

  @Override
  public Object recorded() {
    return word();
  }

  /** The text that the option takes. */
  public String word() {
    String name = unit == Unit.EPOCH ? "epoch" : "round";
    return every + name + (every == 1 ? "" : "s");
  }
}
