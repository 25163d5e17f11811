package io.involution.files;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names with numbers of at least five digits, which are in another order than the numbers from
 * 100,000 on.
 */
public final class NumberedNames {
  private NumberedNames() {}

  /**
   * Returns the matches of the names that match a pattern as a whole, by their numbers, the highest
   * last. Those with equal numbers stay in the order that they have.
   *
   * @param groups the pattern's groups with the numbers, of at most nine digits: by the first, then
   *     by the next ones
   */
  public static List<MatchResult> sorted(Collection<String> names, Pattern pattern, int... groups) {
    return names.stream()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .map(Matcher::toMatchResult)
        .sorted((one, other) -> Arrays.compare(numbers(one, groups), numbers(other, groups)))
        .toList();
  }

  private static int[] numbers(MatchResult match, int... groups) {
    return Arrays.stream(groups).map(group -> Integer.parseInt(match.group(group))).toArray();
  }
}
