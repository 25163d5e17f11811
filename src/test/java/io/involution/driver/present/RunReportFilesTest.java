package io.involution.driver.present;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.report.Fixtures;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportFilesTest {
  @TempDir private Path temporary;

  /** A run that went on and was killed before its report was drawn again. */
  @Test
  void theReportOfAnEarlierAttemptIsNotCurrent() throws IOException {
    Path run = temporary.resolve("run");
    Fixtures.shortRun(run);
    RunFolder folder = RunFolder.read(run.toString(), new Configuration());
    assertThat(RunReportFiles.isCurrent(folder)).isFalse();
    RunReportFiles.of(folder).write();
    assertThat(RunReportFiles.isCurrent(folder)).isTrue();

    Path record = run.resolve(RunFolder.RECORD);
    String before = Files.readString(record);
    for (String changed : new String[] {"\"attempt\" : 1", "\"ended\" : \"2"}) {
      String after = before.replaceFirst(changed, changed + "1");
      assertThat(after).isNotEqualTo(before);
      Files.writeString(record, after);
      assertThat(RunReportFiles.isCurrent(folder)).as(after).isFalse();
    }
    Files.writeString(record, before);
    assertThat(RunReportFiles.isCurrent(folder)).isTrue();
  }

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
