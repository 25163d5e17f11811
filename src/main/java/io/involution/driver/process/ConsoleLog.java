package io.involution.driver.process;

import io.involution.failure.Places;
import io.involution.failure.PlainText;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.AppenderRef;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.spark.SparkConf;

/**
 * Keeps the console for the job's own lines: what Spark and Hadoop log goes to a file that an error
 * line can name, apart from the few things that a user has to know at once. It works under any
 * log4j configuration, by taking the place of its console appenders.
 */
public final class ConsoleLog {
  private static final String OURS = "io.involution";
  private static final String NAME = "involution-console";
  private static final LogFile FILE = new LogFile();
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();
  private static volatile Throwable fatal;
  private static volatile boolean verbose;
  private static volatile boolean quiet;
  private static volatile boolean over;

  private ConsoleLog() {}

  /**
   * Begins with a command.
   *
   * @param all whether everything goes to the console, as log4j is configured
   */
  public static void begin(boolean all) {
    begin(all, Runtime.getRuntime()::exit);
  }

  /**
   * The same with another way to end the process.
   *
   * @param all whether everything goes to the console, as log4j is configured
   * @param exit ends it with an exit code when a thread has run out of memory
   */
  @SuppressWarnings("StaticAssignmentOfThrowable") // forgets the failure of the command before
  static void begin(boolean all, IntConsumer exit) {
    fatal = null;
    quiet = false;
    over = false;
    verbose = all;
    TOLD.clear();
    PlainStream.mute(false);
    FatalEnd.watch(exit);
    // Spark configures log4j when one of its classes first logs, and would undo what follows.
    new SparkConf().isTraceEnabled();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> unhandled(failure));
    if (LogManager.getContext(false) instanceof LoggerContext context) {
      LoggerConfig root = context.getConfiguration().getRootLogger();
      // Log4j's own default does not list it.
      Set<LoggerConfig> loggers = new HashSet<>(context.getConfiguration().getLoggers().values());
      loggers.add(root);
      loggers.stream()
          .filter(logger -> logger == root || !logger.isAdditive())
          .forEach(ConsoleLog::listen);
      loggers.forEach(each -> cleanConsole(each, all));
    }
  }

  private static void listen(LoggerConfig logger) {
    if (!logger.getAppenders().containsKey(NAME)) {
      Appender lines = new Lines();
      lines.start();
      logger.addAppender(lines, null, null);
    }
  }

  /** Without console appenders; or with such that are given plain text. */
  private static void cleanConsole(LoggerConfig logger, boolean kept) {
    for (Appender appender : List.copyOf(logger.getAppenders().values())) {
      if (appender instanceof ConsoleAppender || (appender instanceof PlainConsole && !kept)) {
        logger.removeAppender(appender.getName());
      }
      if (appender instanceof ConsoleAppender console && kept) {
        Appender plain = new PlainConsole(console);
        plain.start();
        AppenderRef reference = reference(logger, console.getName());
        logger.addAppender(plain, reference.getLevel(), reference.getFilter());
      }
    }
  }

  /** With the level and the filter that the configuration gives an appender. */
  private static AppenderRef reference(LoggerConfig logger, String name) {
    return logger.getAppenderRefs().stream()
        .filter(each -> each.getRef().equals(name))
        .findFirst()
        .orElseGet(() -> AppenderRef.createAppenderRef(name, null, null));
  }

  /** Logs nothing more on the console: the line that ends the process is the last one. */
  public static void silence() {
    if (!verbose) {
      quiet = true;
    }
  }

  /** What ends the process although no command has failed: a thread that ran out of memory. */
  static Optional<Throwable> fatal() {
    return Optional.ofNullable(fatal);
  }

  /** Keeps a failure with its stack trace; with {@code --verbose}, on the console. */
  public static void keep(Throwable failure) {
    keep(Places.trace(failure));
  }

  private static void keep(String text) {
    if (verbose) {
      System.err.println(text);
    } else if (!over) {
      FILE.add(PlainText.lines(text));
    }
  }

  /**
   * Keeps a line of a stack trace that a library prints past the log, as Scala's thread pools do.
   *
   * @return false with {@code --verbose}: then it goes to the console
   */
  static boolean keepTraceLine(Object line) {
    if (!verbose) {
      keep(Places.shown(String.valueOf(line)));
    }
    return !verbose;
  }

  /**
   * What a thread did not handle. One of Spark's that ran out of memory leaves the command waiting
   * for it forever: then the process ends, even if there is no memory left to keep the trace.
   */
  private static void unhandled(Throwable failure) {
    note(failure);
    try {
      keep(failure);
    } finally {
      if (isFatal(failure) && !over) {
        FatalEnd.begin();
      }
    }
  }

  @SuppressWarnings(
      "StaticAssignmentOfThrowable") // what another thread died of ends the process later
  private static void note(Throwable failure) {
    if (isFatal(failure)) {
      fatal = failure;
    }
  }

  /** Takes no memory. */
  private static boolean isFatal(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof VirtualMachineError)) {
      cause = cause.getCause();
    }
    return cause != null;
  }

  /** The file with the details; empty if there are none. */
  public static Optional<Path> file() {
    return FILE.path();
  }

  /** Where the details of a failure are, or why they are lost; empty if they have been shown. */
  static Optional<String> details() {
    return FILE.lost()
        .map(why -> "details are lost, since no file can be written: " + why)
        .or(() -> file().map(path -> "details in " + path));
  }

  /** Deletes the file, since nothing has gone wrong; what others say after the end is lost. */
  public static void forget() {
    over = true;
    FILE.delete();
  }

  private static void tell(String line) {
    if (!quiet && TOLD.add(line)) {
      System.err.println(Places.shown(line));
      System.err.flush();
    }
  }

  private static final class Lines extends AbstractAppender {
    private static final String UNCAUGHT = "org.apache.spark.util.SparkUncaughtExceptionHandler";

    private Lines() {
      super(
          NAME,
          null,
          PatternLayout.newBuilder().withPattern("%d{HH:mm:ss} %p %c{1}: %m%n%ex").build(),
          true,
          Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      String logger = event.getLoggerName();
      if (logger.equals(UNCAUGHT) && event.getThrown() != null) {
        note(event.getThrown());
      }
      if (verbose) {
        return;
      }
      boolean ours = logger.startsWith(OURS);
      String message = event.getMessage().getFormattedMessage();
      if (!ours || event.getThrown() != null) {
        keep(Places.shown(String.valueOf(getLayout().toSerializable(event)).stripTrailing()));
      }
      Optional<String> line = ours ? Optional.of(Places.oneLine(message)) : LogNotice.of(message);
      line.ifPresent(ConsoleLog::tell);
    }
  }
}
