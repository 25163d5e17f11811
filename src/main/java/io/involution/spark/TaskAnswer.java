package io.involution.spark;

import io.involution.failure.InputException;
import java.io.Serializable;
import java.util.List;
import java.util.function.Supplier;

/**
 * The result of a task: a value, or a message that says what is wrong. A fault is returned as a
 * value too: if the task threw an exception, Spark would retry it three times.
 *
 * @param value the value; null with a fault
 * @param fault the message for the user; null without a fault
 */
public record TaskAnswer<T>(T value, String fault) implements Serializable {

  /** Runs a check on the executor. */
  public static <T> TaskAnswer<T> of(Supplier<T> look) {
    try {
      return new TaskAnswer<>(look.get(), null);
    } catch (InputException e) {
      return new TaskAnswer<>(null, e.getMessage());
    }
  }

  /**
   * The values of all the tasks, on the driver.
   *
   * @throws InputException with the first fault
   */
  public static <T> List<T> values(List<TaskAnswer<T>> answers) {
    for (TaskAnswer<T> answer : answers) {
      if (answer.fault() != null) {
        throw new InputException(answer.fault());
      }
    }
    return answers.stream().map(TaskAnswer::value).toList();
  }
}
