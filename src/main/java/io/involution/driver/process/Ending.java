package io.involution.driver.process;

import io.involution.failure.Causes;
import io.involution.failure.ExitCode;
import io.involution.failure.Places;
import io.involution.failure.PlainText;
import io.involution.failure.ResumableException;
import io.involution.failure.RunStoppedException;
import io.involution.spark.ClusterSession;
import io.involution.spark.TaskFailures;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * How a failure ends the process: in one line.
 *
 * @param code the exit code
 * @param line the problem and the fix
 */
public record Ending(int code, String line) {
  /** The end after wrong input. */
  public static Ending ofInput(String message) {
    return new Ending(ExitCode.WRONG_INPUT, "error: " + Places.oneLine(message));
  }

  /**
   * The end after a failure; its stack trace is in the log file that the line names.
   *
   * @param failure what a command or a thread threw
   */
  public static Ending of(Throwable failure) {
    Optional<String> input = TaskFailures.inputLine(failure);
    if (input.isPresent()) {
      return ofInput(input.get());
    }
    Optional<RunStoppedException> stopped = Causes.find(failure, RunStoppedException.class);
    if (stopped.isPresent()) {
      return new Ending(ExitCode.STOPPED, stopped.get().getMessage());
    }
    Optional<ResumableException> resumable = Causes.find(failure, ResumableException.class);
    String line = TaskFailures.problem(failure);
    if (resumable.isPresent()) {
      line += "; " + resumable.get().getMessage();
    }
    ConsoleLog.keep(failure);
    String details = ConsoleLog.details().map(where -> " (" + where + ")").orElse("");
    // A cluster takes a driver that has stopped for one that is done.
    boolean goesOn = resumable.isPresent() && !ClusterSession.isDriverInCluster(new SparkConf());
    int code = goesOn ? ExitCode.STOPPED : ExitCode.FAILED;
    return new Ending(code, "error: " + line + details);
  }

  /** Prints the line as the last one on standard error. */
  public int print() {
    ConsoleLog.silence();
    System.err.println(PlainText.line(Places.shown(line)));
    System.err.flush();
    return code;
  }
}
