package io.involution.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.train.RoundFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The numbers in the names of parts have five digits, and six from 100,000 on. */
class PartNumbersTest extends NewRunFolder {
  private void write(int epoch, int correct) {
    new MetricsJournal("involution", metrics)
        .epochEnded(RoundFixture.epoch(epoch, correct, Optional.empty()));
  }

  @Test
  void theHundredThousandthEpochIsRead() {
    write(100_000, 7);
    assertThat(folder.list("metrics")).containsExactly("part-involution-100000-00001.jsonl");

    assertThat(metrics.epoch("involution", 100_000)).isPresent();
    metrics.keepOnly("involution", Set.of());
    assertThat(folder.list("metrics")).isEmpty();
  }

  @Test
  void theHighestAttemptCounts() throws IOException {
    Path written = temporary.resolve("run/metrics/part-involution-00001-00001.jsonl");
    write(1, 9);
    Files.move(written, written.resolveSibling("part-involution-00001-100000.jsonl"));
    write(1, 7);
    Files.move(written, written.resolveSibling("part-involution-00001-99999.jsonl"));

    assertThat(metrics.epoch("involution", 1).orElseThrow().testAccuracy()).isEqualTo(0.9);
    Set<String> parts =
        Set.of(
            "metrics/part-involution-00001-99999.jsonl",
            "metrics/part-involution-00001-100000.jsonl");
    assertThat(metrics.check("involution", 1, parts, List.of()))
        .extracting(EpochRow::testAccuracy)
        .containsExactly(0.9);
  }
}
