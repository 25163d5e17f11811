package io.involution.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.metrics.EpochRow;
import io.involution.metrics.ModelResult;
import io.involution.metrics.ModelResult.ParameterCounts;
import io.involution.report.PageNumbers.Shown;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last of 9.9 epochs is called 9.9 wherever people read of it; see ChartTest for curves. */
class CutEpochTest {
  @TempDir private Path folder;

  /** A run that was to have 9.9 epochs, with the rows of so many. */
  private byte[] page(int rows) {
    new RunFixture(42).epochs(rows).option("epochs", 9.9).write(folder);
    return Fixtures.page(folder);
  }

  @Test
  void theReportCallsItByWhereItEnded() {
    byte[] page = page(10);

    assertThat(PageNumbers.of(page))
        .contains(
            new Shown(9, "metrics.jsonl#/involution/epoch/9/epoch", "9"),
            new Shown(9.9, "run.json#/options/epochs", "9.9"))
        .noneMatch(number -> number.from().endsWith("/epoch/10/epoch"));
    assertThat(new String(page, StandardCharsets.UTF_8))
        .contains("Involution network, test images after epoch 9.9");
  }

  @Test
  void everybodyReadsTheSame() {
    assertThat(EpochRow.shown(9, 9.9)).isEqualTo("9");
    assertThat(EpochRow.shown(10, 9.9)).isEqualTo("9.9");
    assertThat(EpochRow.shown(10, 10)).isEqualTo("10");
    assertThat(EpochRow.shown(10, 20)).isEqualTo("10");
    assertThat(EpochRow.shown(1, 0.001)).isEqualTo("0.001");
    assertThat(EpochRow.shown(12_345_679, 12_345_678.9)).isEqualTo("12345678.9");
  }

  @Test
  void aRunThatStoppedEarlyEndedWithAWholeEpoch() {
    assertThat(PageNumbers.of(page(5)))
        .contains(new Shown(5, "metrics.jsonl#/involution/epoch/5/epoch", "5"));
  }

  @Test
  void theTableInTheTerminalCallsItByWhereItEnded() {
    Map<String, ModelResult> results = new LinkedHashMap<>();
    results.put("convolution", result(5, "patience"));
    results.put("involution", result(10, "epochs"));

    assertThat(Comparison.table(results, 9.9).lines())
        .anyMatch(line -> line.matches("best epoch +5 +9\\.9"))
        .anyMatch(line -> line.matches("epochs trained +5 +9\\.9"));
    assertThat(Comparison.table(results, 10).lines())
        .anyMatch(line -> line.matches("epochs trained +5 +10"));
  }

  private static ModelResult result(int epochs, String ended) {
    return new ModelResult(
        0.5,
        1,
        null,
        null,
        new ParameterCounts(1, 0),
        "ab",
        1.0,
        1.0,
        epochs,
        epochs,
        0.5,
        0.5,
        ended,
        null,
        null,
        null,
        null);
  }
}
