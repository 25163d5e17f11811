package io.involution.config;

import java.util.Set;

/**
 * Which options were given by hand, on the command line or with another value than the default in a
 * configuration file: they win over what a network's own configuration says.
 *
 * @param names the options' names
 */
public record GivenOptions(Set<String> names) {
  /** Copies the names. */
  public GivenOptions {
    names = Set.copyOf(names);
  }

  /** Whether one of some options was given. */
  public boolean any(String... options) {
    for (String option : options) {
      if (names.contains(option)) {
        return true;
      }
    }
    return false;
  }
}
