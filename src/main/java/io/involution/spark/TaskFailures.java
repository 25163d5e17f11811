package io.involution.spark;

import io.involution.failure.Causes;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.ResumableException;
import io.involution.failure.RunFailedException;
import io.involution.failure.Shortage;
import java.util.Optional;
import java.util.function.Function;
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
      Pattern.compile("Lost task [^\\r\\n]*? \\(TID \\d+\\) \\((.+)", Pattern.DOTALL);

  /** Followed by a stack trace of the fetch from an executor that is gone. */
  private static final String LAST_FETCH = ". Most recent failure reason:";

  private TaskFailures() {}

  /**
   * What has gone wrong, in one line, and where it is known how to mend it.
   *
   * @param failure what ended a run
   */
  public static String problem(Throwable failure) {
    return Causes.find(failure, RunFailedException.class)
        .map(failed -> Places.oneLine(failed.getMessage()))
        .or(() -> Shortage.line(failure))
        .or(
            () ->
                lossLine(failure)
                    .map(loss -> "Spark gave up (" + loss + "): check the executors' logs"))
        .or(
            () ->
                taskLine(failure).map(task -> "a task failed as often as Spark tries it: " + task))
        .orElseGet(() -> "unexpected failure: " + Places.reason(cause(failure)));
  }

  /** What others have only wrapped. */
  private static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null
        && (cause instanceof ResumableException
            || cause.getCause().toString().equals(cause.getMessage()))) {
      cause = cause.getCause();
    }
    return cause;
  }

  /**
   * The message of an {@link InputException} that a task threw. Spark passes on the exceptions of
   * tasks as text only.
   *
   * @param failure what Spark threw on the driver
   */
  public static Optional<String> inputLine(Throwable failure) {
    return first(failure, TaskFailures::input);
  }

  private static Optional<String> first(
      Throwable failure, Function<Throwable, Optional<String>> line) {
    return Causes.of(failure).flatMap(cause -> line.apply(cause).stream()).findFirst();
  }

  private static Optional<String> input(Throwable cause) {
    return cause instanceof InputException
        ? Optional.of(cause.getMessage())
        : found(INPUT_EXCEPTION, String.valueOf(cause.getMessage()));
  }

  private static Optional<String> found(Pattern pattern, String message) {
    return pattern.matcher(message).results().map(found -> found.group(1)).findFirst();
  }

  /**
   * The reason why a run ended if the cluster took away what it ran on: more executors were lost
   * than Spark retries, or the application itself was ended.
   *
   * @param failure what Spark threw on the driver
   */
  public static Optional<String> lossLine(Throwable failure) {
    return first(failure, TaskFailures::loss);
  }

  private static Optional<String> loss(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    Optional<String> ended = Optional.of(Places.oneLine(message));
    return found(ABORTED, message)
        .map(TaskFailures::withoutFetch)
        // If a task threw an exception, its stack trace follows: then no executor was lost.
        .filter(line -> !line.contains("\tat "))
        .map(line -> line.strip().replaceAll("\\s+", " "))
        .or(() -> ended.filter(line -> message.contains("SparkContext was shut down")));
  }

  private static String withoutFetch(String reason) {
    int fetch = reason.indexOf(LAST_FETCH);
    return fetch < 0 ? reason : reason.substring(0, fetch);
  }

  /**
   * What a task threw that failed as often as Spark tries it, without its stack trace.
   *
   * @param failure what Spark threw on the driver
   */
  public static Optional<String> taskLine(Throwable failure) {
    return first(
        failure, cause -> found(LAST_TRY, String.valueOf(cause.getMessage())).map(Places::oneLine));
  }
}
