package io.involution.config.value;

import io.involution.failure.InputException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses durations in options. */
public final class TimeLimit {
  private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,8})([smh])");

  /** More has no number of nanoseconds in a long. */
  private static final Duration LONGEST = Duration.ofHours(999_999);

  private TimeLimit() {}

  /**
   * Parses a text such as {@code 90s}, {@code 45m} or {@code 8h}.
   *
   * @param option the option's name, for the error message
   * @return empty if the text is empty
   * @throws InputException when it is not a duration
   */
  public static Optional<Duration> parse(String option, String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Matcher matcher = TEXT.matcher(text);
    Duration limit = matcher.matches() ? duration(matcher) : Duration.ZERO;
    if (limit.isZero() || limit.compareTo(LONGEST) > 0) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--%s is '%s': use a whole number and its unit, such as 90s, 45m or 8h, up to 999999h",
              option,
              text));
    }
    return Optional.of(limit);
  }

  private static Duration duration(Matcher matcher) {
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }
}
