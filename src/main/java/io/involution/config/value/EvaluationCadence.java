package io.involution.config.value;

import io.involution.config.option.Recorded;
import io.involution.failure.InputException;
import java.util.regex.Pattern;

/**
 * After which epochs the test examples are evaluated, besides the last one.
 *
 * @param every number of epochs between two evaluations; 0 for only the last epoch
 */
public record EvaluationCadence(int every) implements Recorded {
  private static final String LAST = "last";
  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,8}");

  /** Checks that it is not negative. */
  public EvaluationCadence {
    if (every < 0) {
      throw new IllegalArgumentException("every " + every + " epochs");
    }
  }

  /**
   * Parses a number of epochs or {@code last}.
   *
   * @throws InputException when it is neither
   */
  public static EvaluationCadence parse(String text) {
    if (text.equals(LAST)) {
      return new EvaluationCadence(0);
    }
    if (!NUMBER.matcher(text).matches()) {
      throw new InputException(
          "--evaluate-every is '" + text + "': use a number of epochs from 1, or last");
    }
    return new EvaluationCadence(Integer.parseInt(text));
  }

  /** Whether the test examples are evaluated after an epoch, from 1, that is not the last. */
  public boolean isDueAfter(int epoch) {
    return every > 0 && epoch % every == 0;
  }

  /** The number if it is one, otherwise the word. */
  @Override
  public Object recorded() {
    return every == 0 ? LAST : (Object) every;
  }
}
