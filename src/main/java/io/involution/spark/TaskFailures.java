package io.involution.spark;

import io.involution.failure.InputException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the message for the user in what Spark throws when a task has failed permanently. */
public final class TaskFailures {
  private static final Pattern INPUT_EXCEPTION =
      Pattern.compile(Pattern.quote(InputException.class.getName()) + ": ([^\\r\\n]+)");

  private static final Pattern ABORTED =
      Pattern.compile(
          "Job aborted due to stage failure: *(.+?)(?=\\s*Driver stacktrace:|$)", Pattern.DOTALL);

  /** The executor, then the exception. */
  private static final Pattern LAST_TRY =
      Pattern.compile("Lost task [^\\r\\n]*? \\(TID \\d+\\) \\(([^\\r\\n]+)");

  /** Followed by a stack trace of the fetch from an executor that is gone. */
  private static final String LAST_FETCH = ". Most recent failure reason:";

  private TaskFailures() {}

  /**
   * The message of an {@link InputException} that a task threw. Spark passes on the exceptions of
   * tasks as text only.
   *
   * @param failure what Spark threw on the driver
   */
  public static Optional<String> inputLine(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InputException input) {
        return Optional.of(input.getMessage());
      }
      Matcher matcher = INPUT_EXCEPTION.matcher(String.valueOf(cause.getMessage()));
      if (matcher.find()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }

  /**
   * The reason why a run ended if the cluster took away what it ran on: more executors were lost
   * than Spark retries, or the application itself was ended.
   *
   * @param failure what Spark threw on the driver
   */
  public static Optional<String> lossLine(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      Matcher aborted = ABORTED.matcher(message);
      if (aborted.find()) {
        String reason = aborted.group(1);
        int fetch = reason.indexOf(LAST_FETCH);
        String line = fetch < 0 ? reason : reason.substring(0, fetch);
        // If a task threw an exception, its stack trace follows: then no executor was lost.
        if (!line.contains("\tat ")) {
          return Optional.of(line.strip().replaceAll("\\s+", " "));
        }
      }
      if (message.contains("SparkContext was shut down")) {
        return Optional.of(message.lines().findFirst().orElseThrow());
      }
    }
    return Optional.empty();
  }

  /**
   * What a task threw that failed as often as Spark tries it, without its stack trace.
   *
   * @param failure what Spark threw on the driver
   */
  public static Optional<String> taskLine(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Matcher task = LAST_TRY.matcher(String.valueOf(cause.getMessage()));
      if (task.find()) {
        return Optional.of(task.group(1));
      }
    }
    return Optional.empty();
  }
}
