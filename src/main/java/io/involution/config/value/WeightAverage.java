package io.involution.config.value;

import io.involution.config.option.Recorded;
import io.involution.failure.InputException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the models of a training's rounds are averaged over time.
 *
 * @param kind how
 * @param decay how much of the earlier models is kept, per local step, more than 0 and less than 1;
 *     0 without an average
 */
public record WeightAverage(Kind kind, double decay) implements Recorded {
  /** The models of the rounds as they are. */
  public static final WeightAverage NONE = new WeightAverage(Kind.NONE, 0);

  /** Lookahead's decay by default: airbench94's, which keeps 0.95^5 in 5 steps. */
  public static final double LOOKAHEAD_DECAY = 0.95;

  private static final Pattern TEXT = Pattern.compile("(ema|lookahead)(?::(0\\.\\d{1,17}))?");

  /** How models are averaged. */
  public enum Kind {
    /** Not at all. */
    NONE,
    /** By an exponentially weighted mean beside the model that is trained. */
    EMA,
    /** By going on from a mean of the old and the new model. */
    LOOKAHEAD
  }

  /** Checks the decay. */
  public WeightAverage {
    if (kind == Kind.NONE ? decay != 0 : !(decay > 0 && decay < 1)) {
      throw new IllegalArgumentException(kind + " with a decay of " + decay);
    }
  }

  /**
   * Parses {@code none}, {@code ema:DECAY}, {@code lookahead} or {@code lookahead:DECAY}.
   *
   * @throws InputException when it is none of these
   */
  public static WeightAverage parse(String text) {
    if (text.equals("none")) {
      return NONE;
    }
    Matcher matcher = TEXT.matcher(text);
    if (matcher.matches()) {
      Kind kind = Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
      double decay =
          matcher.group(2) != null
              ? Double.parseDouble(matcher.group(2))
              : kind == Kind.LOOKAHEAD ? LOOKAHEAD_DECAY : 0;
      if (decay > 0 && decay < 1) {
        return new WeightAverage(kind, decay);
      }
    }
    throw new InputException(
        "--weight-average is '"
            + text
            + "': use none, ema:DECAY, lookahead or lookahead:DECAY with a decay per local step"
            + " between 0 and 1, such as ema:0.99");
  }

  /** The text that the option takes. */
  public String word() {
    return switch (kind) {
      case NONE -> "none";
      case EMA -> "ema:" + decay;
      case LOOKAHEAD -> decay == LOOKAHEAD_DECAY ? "lookahead" : "lookahead:" + decay;
    };
  }

  @Override
  public Object recorded() {
    return word();
  }
}
