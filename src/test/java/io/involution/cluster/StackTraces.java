package io.involution.cluster;

import java.util.List;

/** Stack traces in what a command printed. */
public final class StackTraces {
  private StackTraces() {}

  /**
   * The frames that lie in the job's own code; a refusal has none. Spark's frames say nothing: the
   * threads of a cluster that is being taken down log traces of their own, at any moment.
   */
  public static List<String> ofTheJob(String err) {
    return err.lines()
        .filter(line -> line.startsWith("\tat ") && line.contains("io.involution."))
        .toList();
  }
}
