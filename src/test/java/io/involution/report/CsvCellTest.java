package io.involution.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvCellTest {
  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "@SUM(A1)", "+cmd", "-2+3", "-x", "＝1", "＠x"})
  void whatASpreadsheetWouldComputeStaysText(String text) {
    assertThat(CsvCell.of(text)).isEqualTo("'" + text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "1", "-1", "+1.5", "-0.25E-7", "a=b", "involution-wide"})
  void numbersAndOtherTextsStayWhatTheyAre(String text) {
    assertThat(CsvCell.of(text)).isEqualTo(text);
  }

  @Test
  void separatorsAreQuoted() {
    assertThat(CsvCell.of("=a,\"b\"")).isEqualTo("\"'=a,\"\"b\"\"\"");
    assertThat(CsvCell.of("\t=1")).isEqualTo("\"'\t=1\"");
    assertThat(CsvCell.of("\r=1")).isEqualTo("\\u000d=1");
    assertThat(CsvCell.of("a\n=1")).isEqualTo("a\\u000a=1");
  }
}
