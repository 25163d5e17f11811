package io.involution.config;

import io.involution.config.training.LearningRateOptions;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which options were given by hand, on the command line or with another value than the default in a
 * configuration file: they win over what a network's own configuration says.
 *
 * @param names the options' names
 */
public record GivenOptions(Set<String> names) {
  /** Of the step size. */
  public static final List<String> RATE =
      DeclaredOption.of(LearningRateOptions.class).stream().map(DeclaredOption::name).toList();

  /** Which give every layer another updater. */
  public static final List<String> RULE = List.of("optimizer", "momentum", "other-learning-rate");

  /** Of the weight decay. */
  public static final List<String> DECAY = List.of("weight-decay", "weight-decay-kind");

  /** What a network's own configuration says of the options, unless they are given by hand. */
  public static final List<String> OF_NETWORKS =
      Stream.of(RATE, RULE, DECAY, List.of("seed")).flatMap(List::stream).toList();

  /** Copies the names. */
  public GivenOptions {
    names = Set.copyOf(names);
  }

  /** Whether one of some options was given. */
  public boolean any(List<String> options) {
    return !Collections.disjoint(names, options);
  }

  /** Whether an option was given. */
  public boolean has(String option) {
    return names.contains(option);
  }
}
