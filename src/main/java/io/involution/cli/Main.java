package io.involution.cli;

import io.involution.compute.NativeFolders;
import io.involution.driver.provenance.JobVersion;
import io.involution.failure.ExitCode;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import io.involution.failure.RunStoppedException;
import io.involution.files.LocaleLetters;
import io.involution.spark.ClusterSession;
import io.involution.spark.TaskFailures;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The job's entry point, which spark-submit starts on the driver. */
@Command(
    name = "involution",
    description =
        "Trains an involution and a convolution network on CIFAR-10 by parameter averaging on"
            + " Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = JobVersion.class,
    subcommands = {
      TrainCommand.class,
      EvaluateCommand.class,
      SummaryCommand.class,
      ReportCommand.class,
      PredictCommand.class,
      ExperimentCommand.class,
      DoctorCommand.class,
      PlanCommand.class
    })
public final class Main {
  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Charts are drawn without a display, even if DISPLAY names one that cannot be reached.
    System.setProperty("java.awt.headless", "true");
    NativeFolders.prepare();
    int code = run(arguments);
    // A driver inside a cluster has to return: to YARN, exiting even with 0 is a failure.
    if (code != 0 && !isStoppedInCluster(code)) {
      System.exit(code);
    }
  }

  /** A cluster would restart a driver that exits with 3, and thereby also its time limit. */
  private static boolean isStoppedInCluster(int code) {
    return code == ExitCode.STOPPED && ClusterSession.isDriverInCluster(new SparkConf());
  }

  /** Runs a command and returns its exit code. */
  static int run(String... arguments) {
    CommandLine commandLine = commandLine(Usage.calledAs());
    commandLine.setParameterExceptionHandler(
        (e, args) -> fail(commandLine, ExitCode.WRONG_INPUT, Suggestion.line(e)));
    commandLine.setExecutionExceptionHandler((e, command, result) -> handle(commandLine, e));
    Optional<String> mangled = LocaleLetters.mangled(List.of(arguments), LocaleLetters.ofThisJvm());
    if (mangled.isPresent()) {
      return fail(commandLine, ExitCode.WRONG_INPUT, mangled.get());
    }
    if (arguments.length == 0) {
      commandLine.usage(commandLine.getErr());
      return ExitCode.WRONG_INPUT;
    }
    return commandLine.execute(arguments);
  }

  /**
   * The commands.
   *
   * @param calledAs the words that users type before a command, for usage lines
   */
  static CommandLine commandLine(String calledAs) {
    CommandLine commandLine = new CommandLine(new Main());
    Usage.install(commandLine, calledAs);
    return commandLine;
  }

  private static int handle(CommandLine commandLine, Exception failure) {
    Optional<String> input = TaskFailures.inputLine(failure);
    if (input.isPresent()) {
      return fail(commandLine, ExitCode.WRONG_INPUT, input.get());
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RunStoppedException) {
        return end(commandLine, ExitCode.STOPPED, cause.getMessage());
      }
      if (cause instanceof RunFailedException) {
        return fail(commandLine, ExitCode.FAILED, cause.getMessage());
      }
    }
    Optional<String> loss = TaskFailures.lossLine(failure);
    if (loss.isPresent()) {
      String fix = ": check the executors' logs; train resumes with --resume";
      return fail(commandLine, ExitCode.FAILED, "Spark gave up (" + loss.get() + ")" + fix);
    }
    commandLine.getErr().print(Places.trace(failure));
    commandLine.getErr().flush();
    return ExitCode.FAILED;
  }

  private static int fail(CommandLine commandLine, int code, String message) {
    return end(commandLine, code, "error: " + message.lines().findFirst().orElse("unknown"));
  }

  private static int end(CommandLine commandLine, int code, String line) {
    PrintWriter err = commandLine.getErr();
    err.println(Places.shown(line));
    err.flush();
    return code;
  }
}
