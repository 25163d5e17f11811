package io.involution.config;

import io.involution.failure.InputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Options that take one of a few words: enum constants, written in lower case with hyphens. */
final class Choice {
  private Choice() {}

  /** The word of a constant, such as {@code dl4j-spark} for {@code DL4J_SPARK}. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The constant of a word.
   *
   * @param option the option's name, for the error line
   * @throws InputException naming the option and the words it takes
   */
  static <E extends Enum<E>> E parse(String option, String word, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(word)) {
        return constant;
      }
    }
    String words =
        Arrays.stream(type.getEnumConstants()).map(Choice::word).collect(Collectors.joining(", "));
    throw new InputException("--" + option + " is '" + word + "': use one of " + words);
  }
}
