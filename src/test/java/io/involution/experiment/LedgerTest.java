package io.involution.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  /** The names are in another order than the numbers in them. */
  @Test
  void theHighestClaimsRowCounts(@TempDir Path out) {
    ExperimentFolder folder = ExperimentFolder.at(out.toString(), new Configuration());
    write(folder, "ledger/part-a-99999.jsonl", CellState.FAILED);
    write(folder, "ledger/part-a-100000.jsonl", CellState.DONE);

    assertThat(new Ledger(folder).row("a").map(LedgerRow::state)).contains(CellState.DONE);
  }

  private static void write(ExperimentFolder folder, String name, CellState state) {
    folder.replace(name, Ledger.bytes(List.of(LedgerFixture.row("a", state, Map.of()))));
  }
}
