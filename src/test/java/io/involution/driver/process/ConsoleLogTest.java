package io.involution.driver.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.driver.process.StopSignal.Stop;
import io.involution.failure.ExitCode;
import io.involution.failure.ResumableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of the logs reaches the console, under whatever configuration the tests have. */
@ResourceLock(Resources.SYSTEM_ERR)
class ConsoleLogTest {
  private static final Logger SCHEDULER =
      LoggerFactory.getLogger("org.apache.spark.scheduler.TaskSchedulerImpl");

  private final PrintStream err = System.err;
  private Level level;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @BeforeEach
  void begin() {
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    level = LogManager.getRootLogger().getLevel();
    Configurator.setRootLevel(Level.INFO);
    ConsoleLog.begin(false);
  }

  @AfterEach
  void end() {
    System.setErr(err);
    Configurator.setRootLevel(level);
    ConsoleLog.forget();
    PlainStream.mute(false);
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatSparkLogsOfALostExecutorIsOneLine() throws IOException {
    for (int line = 0; line < 60; line++) {
      SCHEDULER.warn("Lost task 0.0\n\tat a.B.c", new IOException("reset by peer"));
    }
    SCHEDULER.error("Lost executor 1 on 10.0.0.7: Command exited with code 137");
    SCHEDULER.error("Lost executor 1 on 10.0.0.7: Command exited with code 137");

    assertThat(shown().lines())
        .containsExactly(
            "executor 1 on 10.0.0.7 is lost: Command exited with code 137 (the system killed it,"
                + " most likely for its memory)");
    assertThat(Files.readString(ConsoleLog.file().orElseThrow()))
        .contains("Lost task 0.0", "reset by peer", "Lost executor 1");
  }

  @Test
  void aLostGpuIsALine() {
    SCHEDULER.warn(
        "Lost task 0.0 in stage 4.0 (TID 9) (10.0.0.7 executor 1): io.involution.GpuLostError:"
            + " executor 1 on 10.0.0.7 has lost GPU 0\n\tat a.B.c");

    assertThat(shown().lines()).containsExactly("executor 1 on 10.0.0.7 has lost GPU 0");
  }

  @Test
  void theJobsOwnMessagesAreLinesWithoutTraces() {
    LoggerFactory.getLogger("io.involution.Some").warn("take care", new IOException("odd"));

    assertThat(shown().lines()).containsExactly("take care");
  }

  @Test
  void noConsoleAppenderIsLeft() {
    LoggerContext context = (LoggerContext) LogManager.getContext(false);

    assertThat(context.getConfiguration().getLoggers().values())
        .allSatisfy(
            logger ->
                assertThat(logger.getAppenders().values())
                    .noneMatch(ConsoleAppender.class::isInstance));
  }

  @Test
  void theWholeLogOnTheConsoleIsPlainTextToo() {
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    LoggerConfig root = context.getConfiguration().getRootLogger();
    root.addAppender(
        ConsoleAppender.newBuilder()
            .setName("site")
            .setTarget(ConsoleAppender.Target.SYSTEM_ERR)
            .setFollow(true)
            .setLayout(PatternLayout.newBuilder().withPattern("color %m%n%ex").build())
            .build(),
        null,
        null);
    root.getAppenders().get("site").start();
    ConsoleLog.begin(true);
    SCHEDULER.error("a\u001b[2J s3a://key:word@bucket", new IOException("b\u202e"));
    ConsoleLog.begin(false);

    assertThat(shown())
        .contains("color a\\u001b[2J s3a://***@bucket\n", "b\\u202e", "\tat ")
        .doesNotContain("\u001b", "\u202e", "word");
    noConsoleAppenderIsLeft();
  }

  @Test
  void secretsStayHiddenInTheFile() throws IOException {
    SCHEDULER.error("cannot read s3a://key:word@bucket/x");

    assertThat(Files.readString(ConsoleLog.file().orElseThrow()))
        .contains("s3a://***@bucket/x")
        .doesNotContain("word");
  }

  private static void die(Runnable last) throws InterruptedException {
    Thread thread = new Thread(last, "one of Spark's");
    thread.start();
    thread.join();
  }

  private static void runOutOfMemory() {
    throw new IllegalStateException("cannot go on", new OutOfMemoryError("Java heap space"));
  }

  /** Whoever waits for what the thread was to do would wait forever. */
  @Test
  void aThreadThatRunsOutOfMemoryEndsTheProcess() throws Exception {
    BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();
    ConsoleLog.begin(false, codes::add);

    die(
        () -> {
          throw new IllegalStateException("odd, but harmless");
        });
    assertThat(ConsoleLog.fatal()).isEmpty();
    die(ConsoleLogTest::runOutOfMemory);

    assertThat(codes.poll(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.FAILED);
    assertThat(codes).isEmpty();
    assertThat(shown().lines())
        .singleElement()
        .asString()
        .startsWith("error: the Java heap is too small: raise --driver-memory")
        .contains("details in ");
    assertThat(Files.readString(ConsoleLog.file().orElseThrow()))
        .contains("odd, but harmless", "cannot go on", "\tat ");
  }

  @Test
  void aRunThatCanGoOnSaysSoWhenAThreadRunsOutOfMemory() throws Exception {
    BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();
    ConsoleLog.begin(false, codes::add);
    Stop stop = new Stop("stopped", () -> {}, failure -> new ResumableException("go on", failure));
    StopSignal signal = StopSignal.watch(null, stop);
    try {
      die(ConsoleLogTest::runOutOfMemory);

      assertThat(codes.poll(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.STOPPED);
      assertThat(shown().lines()).singleElement().asString().contains("heap", "; go on");
    } finally {
      signal.end();
    }
  }

  @Test
  void tracesThatLibrariesPrintThemselvesGoToTheFile() throws IOException {
    PlainStream.install();

    new IOException("rejected").printStackTrace();
    System.err.println("a line");

    assertThat(shown().lines()).containsExactly("a line");
    assertThat(Files.readString(ConsoleLog.file().orElseThrow())).contains("rejected", "\tat ");
  }
}
