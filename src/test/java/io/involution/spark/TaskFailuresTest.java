package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.failure.InputException;
import java.io.IOException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class TaskFailuresTest {
  /** What the driver throws when a task has failed for good, as Spark 3.5 words it. */
  private static final String ABORTED =
      """
      Job aborted due to stage failure: Task 0 in stage 0.0 failed 4 times, most recent failure: \
      Lost task 0.3 in stage 0.0 (TID 3) (host executor 1): \
      io.involution.failure.InputException: data_batch_1.bin: label 77 at 3,073: get the file again
      \tat io.involution.data.cifar10.RecordCheck.check(RecordCheck.java:40)
      \tat java.base/java.lang.Thread.run(Thread.java:840)
      Caused by: java.io.IOException: other
      \t... 3 more

      Driver stacktrace:""";

  private static final String LINE = "data_batch_1.bin: label 77 at 3,073: get the file again";

  @Test
  void lineOfTheTaskIsFoundInSparksText() {
    assertThat(TaskFailures.inputLine(new SparkException(ABORTED))).contains(LINE);
  }

  @Test
  void lineIsFoundBelowOtherExceptions() {
    SparkException spark = new SparkException(ABORTED);
    assertThat(TaskFailures.inputLine(new IllegalStateException("wrapped", new IOException(spark))))
        .contains(LINE);
  }

  @Test
  void inputExceptionOfTheDriverIsItsOwnLine() {
    assertThat(TaskFailures.inputLine(new InputException("--out is a file: name a folder")))
        .contains("--out is a file: name a folder");
    assertThat(TaskFailures.inputLine(new RuntimeException(new InputException("inner"))))
        .contains("inner");
  }

  @Test
  void inputExceptionThatCausedATasksExceptionIsFoundToo() {
    String text =
        "Job aborted: java.lang.RuntimeException: x\n\tat a.B.c(B.java:1)\nCaused by: "
            + InputException.class.getName()
            + ": the line\n\t... 3 more";

    assertThat(TaskFailures.inputLine(new SparkException(text))).contains("the line");
  }

  @Test
  void executorsLostForGoodAreOneLine() {
    String text =
        """
        Job aborted due to stage failure: Task 0 in stage 7.0 failed 4 times, most recent failure: \
        Lost task 0.3 in stage 7.0 (TID 30) (host executor 6): ExecutorLostFailure (executor 6 \
        exited caused by one of the running tasks) Reason: Command exited with code 137
        Driver stacktrace:""";

    assertThat(TaskFailures.lossLine(new IllegalStateException(new SparkException(text))))
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .startsWith("Task 0 in stage 7.0 failed 4 times")
                    .endsWith("Command exited with code 137"));
  }

  @Test
  void slicesThatAreLostForGoodAreOneLine() {
    String text =
        """
        Job aborted due to stage failure: ResultStage 4 (runJob at ShuffleExchange.java:90) has \
        failed the maximum allowable number of times: 4. Most recent failure reason:
        org.apache.spark.shuffle.FetchFailedException: Failed to connect to host:7337
        \tat org.apache.spark.storage.ShuffleBlockFetcherIterator.next(Some.scala:1)
        Driver stacktrace:""";

    assertThat(TaskFailures.lossLine(new SparkException(text)))
        .contains(
            "ResultStage 4 (runJob at ShuffleExchange.java:90) has failed the maximum allowable number of times: 4");
  }

  @Test
  void applicationThatTheClusterEndsIsOneLine() {
    assertThat(
            TaskFailures.lossLine(
                new SparkException(
                    "Job aborted due to stage failure: Master removed our application: FAILED\nDriver stacktrace:")))
        .contains("Master removed our application: FAILED");
    assertThat(
            TaskFailures.lossLine(
                new SparkException("Job 3 cancelled because SparkContext was shut down")))
        .contains("Job 3 cancelled because SparkContext was shut down");
  }

  @Test
  void exceptionsOfTasksAreNoLoss() {
    assertThat(TaskFailures.lossLine(new SparkException(ABORTED))).isEmpty();
    assertThat(TaskFailures.lossLine(new IllegalStateException())).isEmpty();
  }

  @Test
  void otherFailuresHaveNoLine() {
    assertThat(TaskFailures.inputLine(new SparkException("Job aborted: executor lost"))).isEmpty();
    assertThat(TaskFailures.inputLine(new IllegalStateException())).isEmpty();
    assertThat(
            TaskFailures.inputLine(
                new SparkException("x.io.involution.config.InputExceptionOther: no")))
        .isEmpty();
  }
}
