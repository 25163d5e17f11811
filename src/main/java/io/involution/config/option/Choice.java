package io.involution.config.option;

import io.involution.failure.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** An enum whose constants are the values of an option, written in lower case with hyphens. */
public interface Choice extends Recorded {
  /** The constant's name. */
  String name();

  /** The option's value for this constant, such as {@code dl4j-spark} for {@code DL4J_SPARK}. */
  default String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  default Object recorded() {
    return word();
  }

  /** The option values of a type's constants. */
  static List<String> words(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> ((Choice) constant).word())
        .toList();
  }

  /**
   * The constant for an option value.
   *
   * @param option the option's name, for the error message
   * @throws InputException naming the option and its possible values
   */
  static Object parse(String option, String word, Class<?> type) {
    int index = words(type).indexOf(word);
    if (index < 0) {
      throw new InputException(
          "--" + option + " is '" + word + "': use one of " + String.join(", ", words(type)));
    }
    return type.getEnumConstants()[index];
  }
}
