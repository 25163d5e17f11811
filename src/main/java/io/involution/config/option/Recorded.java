package io.involution.config.option;

/** The value of an option that has a text form of its own. */
@FunctionalInterface
public interface Recorded {
  /** The value as {@code run.json} has it: a text, a number or a boolean. */
  Object recorded();
}
