package io.involution.spark;

import io.involution.failure.InputException;
import io.involution.failure.RunFailedException;
import io.involution.failure.Shortage;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The result of a task: a value, or a message that says what is wrong. A fault is returned as a
 * value too: if the task threw an exception, Spark would retry it three times.
 *
 * @param value the value; null with a fault
 * @param fault the message for the user; null without a fault
 * @param isFull whether the fault is a disk without room for what the task writes
 */
public record TaskAnswer<T>(T value, String fault, boolean isFull) implements Serializable {

  /** Runs a check on the executor. */
  public static <T> TaskAnswer<T> of(Supplier<T> look) {
    try {
      return new TaskAnswer<>(look.get(), null, false);
    } catch (InputException e) {
      return new TaskAnswer<>(null, e.getMessage(), false);
    } catch (RunFailedException e) {
      if (Shortage.of(e).equals(Optional.of(Shortage.DISK))) {
        return new TaskAnswer<>(null, e.getMessage(), true);
      }
      throw e;
    }
  }

  /** The answer without its value. */
  public TaskAnswer<Boolean> seen() {
    return new TaskAnswer<>(fault == null ? Boolean.TRUE : null, fault, isFull);
  }

  /** The fault as an exception: a full disk may have room again, an input stays what it is. */
  public RuntimeException failure() {
    return isFull
        ? new RunFailedException(fault, new IOException("a task has found a disk full"))
        : new InputException(fault);
  }

  /**
   * The values of all the tasks, on the driver.
   *
   * @throws InputException with the first fault
   * @throws RunFailedException if it is a full disk
   */
  public static <T> List<T> values(List<TaskAnswer<T>> answers) {
    for (TaskAnswer<T> answer : answers) {
      if (answer.fault() != null) {
        throw answer.failure();
      }
    }
    return answers.stream().map(TaskAnswer::value).toList();
  }
}
