package io.involution.driver.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.failure.InputException;
import io.involution.failure.ResumableException;
import io.involution.failure.RunFailedException;
import io.involution.failure.RunStoppedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a failure says, in one line, and with which exit code it ends. */
class EndingTest {
  private static final String RESUME = "run the same command with --resume";

  @BeforeEach
  void begin() {
    ConsoleLog.begin(false);
  }

  @AfterEach
  void forget() {
    ConsoleLog.forget();
  }

  private static Ending resumable(Throwable failure) {
    return Ending.of(new ResumableException(RESUME, failure));
  }

  private static SparkException task(String thrown) {
    return new SparkException(
        "Job aborted due to stage failure: Task 0 in stage 9.0 failed 4 times, most recent failure:"
            + " Lost task 0.3 in stage 9.0 (TID 41) (127.0.0.1 executor driver): "
            + thrown
            + "\n\tat a.B.c(B.java:1)\n\nDriver stacktrace:");
  }

  @Test
  void aFailureWithACheckpointEndsWithThree() {
    Throwable full = new Error(new IOException("No space left on device"));

    assertThat(Ending.of(full).code()).isEqualTo(1);
    assertThat(resumable(full).code()).isEqualTo(3);
    assertThat(resumable(full).line())
        .startsWith("error: no space is left (IOException: No space left on device): make room")
        .contains(RESUME);
  }

  @Test
  void inputAndStopsKeepTheirLines() {
    assertThat(resumable(new InputException("--x is wrong: mend it")))
        .isEqualTo(new Ending(2, "error: --x is wrong: mend it"));
    assertThat(resumable(new RunStoppedException("stopped: in time")))
        .isEqualTo(new Ending(3, "stopped: in time"));
    assertThat(Ending.of(new RunFailedException("cannot: do")).line()).startsWith("error: cannot");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.OutOfMemoryError: Java heap space=the Java heap is too small",
        "java.lang.OutOfMemoryError: unable to create native thread=no more threads",
        "java.lang.OutOfMemoryError: Physical memory usage is too high: physicalBytes=maxbytes",
        "java.lang.OutOfMemoryError: bad_alloc\n\tat org.bytedeco.javacpp.A.b(A.java:1)=maxbytes",
        "java.lang.ClassCastException: class org.bytedeco.javacpp.DoublePointer cannot be cast=as"
            + " often as Spark tries it: 127.0.0.1 executor",
        "java.io.IOException: Failed to create local dir in /tmp/blockmgr-1/0d.=spark.local.dir",
        "java.io.FileNotFoundException: /t/blockmgr-1/0d/temp_shuffle_2=in Spark's folder /t",
        "java.io.IOException: Disk quota exceeded=make room",
        "java.io.IOException: /t/blockmgr-1/0d: No space left on device=no space is left in Spark's"
            + " folder /t",
        "java.io.IOException: cannot write\nNo space left on device=make room",
        "ExecutorLostFailure (executor 1 exited: Command exited with code 137)=memoryOverhead",
        "java.lang.IllegalStateException: odd=as often as Spark tries it: 127.0.0.1 executor"
      })
  void whatTasksThrowIsNamedWithItsFix(String thrown) {
    String[] parts = thrown.split("=", -1);

    assertThat(resumable(task(parts[0])).line().lines())
        .singleElement()
        .asString()
        .startsWith("error: ")
        .contains(parts[1], RESUME, "details in ")
        .doesNotContain("\tat ");
  }

  @Test
  void aWrappedFailureIsNamedItself() {
    Throwable odd = new IllegalStateException(new java.util.NoSuchElementException("none"));

    assertThat(Ending.of(odd).line())
        .startsWith("error: unexpected failure: NoSuchElementException: none");
  }

  @Test
  void theTraceIsInAFileOfItsOwner() throws IOException {
    Ending.of(new IllegalStateException("odd password=x"));

    Path file = ConsoleLog.file().orElseThrow();
    assertThat(Files.readString(file)).contains("IllegalStateException: odd", "\tat ", "***");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    ConsoleLog.forget();
    assertThat(file).doesNotExist();
    assertThat(ConsoleLog.file()).isEmpty();
  }
}
