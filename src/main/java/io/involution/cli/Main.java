package io.involution.cli;

import io.involution.compute.NativeFolders;
import io.involution.driver.process.ConsoleLog;
import io.involution.driver.process.Ending;
import io.involution.driver.process.PlainStream;
import io.involution.failure.ExitCode;
import io.involution.files.LocaleLetters;
import io.involution.spark.ClusterSession;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkConf;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The job's entry point, which spark-submit starts on the driver. */
@Command(
    name = "involution",
    description =
        "Trains an involution and a convolution network on CIFAR-10 by parameter averaging on"
            + " Spark.",
    mixinStandardHelpOptions = true,
    subcommands = {
      TrainCommand.class,
      EvaluateCommand.class,
      SummaryCommand.class,
      ReportCommand.class,
      PredictCommand.class,
      ClassifyCommand.class,
      ExportCommand.class,
      ExperimentCommand.class,
      DoctorCommand.class,
      PlanCommand.class
    })
public final class Main {
  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show what Spark and Hadoop log, and the stack traces of errors.")
  @SuppressWarnings(
      "unused") // begin asks the parsed line: the option stands before or after a command
  private boolean verbose;

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Charts are drawn without a display, even if DISPLAY names one that cannot be reached.
    System.setProperty("java.awt.headless", "true");
    // Ours does not ask for the language, but Spark writes its ids with the language's own digits.
    Locale.setDefault(Locale.ROOT);
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
    // The help is ours and has styles on a terminal; what is made of names has no control
    // characters.
    commandLine.setOut(new PrintWriter(System.out, true, Charset.defaultCharset()));
    commandLine.setErr(new PrintWriter(System.err, true, Charset.defaultCharset()));
    PlainStream.install();
    commandLine.setParameterExceptionHandler(
        (e, args) -> Ending.ofInput(Suggestion.line(e)).print());
    commandLine.setExecutionExceptionHandler((e, command, result) -> Ending.of(e).print());
    commandLine.setExecutionStrategy(Main::begin);
    Optional<String> mangled = LocaleLetters.mangled(List.of(arguments), LocaleLetters.ofThisJvm());
    if (mangled.isPresent()) {
      return Ending.ofInput(mangled.get()).print();
    }
    if (arguments.length == 0) {
      commandLine.usage(commandLine.getErr());
      return ExitCode.WRONG_INPUT;
    }
    int code = execute(commandLine, arguments);
    if (code == 0 || code == ExitCode.WRONG_INPUT) {
      ConsoleLog.forget();
    }
    return code;
  }

  /** Errors, such as a lack of memory, end in one line too: picocli handles exceptions only. */
  private static int execute(CommandLine commandLine, String... arguments) {
    try {
      return commandLine.execute(arguments);
    } catch (Error e) {
      return Ending.of(e).print();
    }
  }

  private static int begin(ParseResult line) {
    boolean verbose =
        line.asCommandLineList().stream()
            .anyMatch(command -> command.getParseResult().hasMatchedOption("--verbose"));
    // In a cluster, standard error is the log that the cluster keeps.
    ConsoleLog.begin(verbose || ClusterSession.isDriverInCluster(new SparkConf()));
    return new CommandLine.RunLast().execute(line);
  }

  /**
   * The commands.
   *
   * @param calledAs the words that users type before a command, for usage lines
   */
  static CommandLine commandLine(String calledAs) {
    CommandLine commandLine = new CommandLine(new Main());
    Usage.install(commandLine, calledAs);
    // A folder or file may be called @something.
    commandLine.setExpandAtFiles(false);
    return commandLine;
  }
}
