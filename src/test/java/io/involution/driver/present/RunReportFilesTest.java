package io.involution.driver.present;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunReportFilesTest {
  @Test
  void aReportThatDoesNotFitIntoMemoryIsAWarning() {
    String line =
        RunReportFiles.orWarning(
            () -> {
              throw new OutOfMemoryError("Java heap space");
            },
            reason -> "no report (" + reason + ")");

    assertThat(line)
        .startsWith("warning: no report (the Java heap is too small: raise --driver-memory");
    assertThat(RunReportFiles.orWarning(() -> "runs/1/report/index.html", reason -> reason))
        .isEqualTo("report in runs/1/report/index.html");
  }
}
