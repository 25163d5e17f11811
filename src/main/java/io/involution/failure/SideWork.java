package io.involution.failure;

import java.util.function.Function;
import java.util.function.Supplier;

/** Work beside what a job is for, such as a report: when it fails, the job goes on. */
public final class SideWork {
  private SideWork() {}

  /**
   * Does it. What is an error to Java, such as missing fonts or too little memory, is only a
   * failure of this work.
   *
   * @param failed given the reason in one line
   * @return what one of the two returns
   */
  public static <T> T orElse(Supplier<T> work, Function<String, T> failed) {
    try {
      return work.get();
    } catch (RuntimeException | LinkageError | InternalError | OutOfMemoryError e) {
      return failed.apply(Shortage.line(e).orElseGet(() -> Places.reason(e)));
    }
  }
}
