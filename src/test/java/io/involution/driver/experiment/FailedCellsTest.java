package io.involution.driver.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.experiment.CellState;
import io.involution.experiment.LedgerRow;
import io.involution.failure.InputException;
import io.involution.failure.ResumableException;
import io.involution.failure.RunFailedException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FailedCellsTest {
  private final Throwable broken = new IllegalStateException("it broke");

  private static RuntimeException end(Throwable cause, Set<String> checkpoints, String... failed) {
    List<LedgerRow> rows = Arrays.stream(failed).map(FailedCellsTest::row).toList();
    return new FailedCells(rows, 2)
        .end(cell -> Optional.ofNullable(cause), checkpoints::contains, "go on");
  }

  private static LedgerRow row(String cell) {
    return new LedgerRow(
        "m",
        List.of(),
        cell,
        CellState.FAILED,
        1,
        null,
        null,
        null,
        "it broke",
        "cells/" + cell,
        Map.of(),
        Map.of(),
        null);
  }

  /** A complete cell keeps its checkpoint. */
  @Test
  void theCheckpointOfAnotherCellDoesNotHelp() {
    assertThat(end(broken, Set.of("b"), "a"))
        .isExactlyInstanceOf(RunFailedException.class)
        .hasMessage("1 of 2 cells failed, a with: it broke");
    assertThat(end(broken, Set.of(), "a", "b")).isExactlyInstanceOf(RunFailedException.class);
  }

  @Test
  void whatMayPassGoesOnFromACheckpointOfTheFailedCells() {
    assertThat(end(broken, Set.of("a"), "a")).isInstanceOf(ResumableException.class);
    assertThat(end(broken, Set.of("b"), "a", "b")).isInstanceOf(ResumableException.class);
  }

  @Test
  void whatStaysWrongDoesNotGoOn() {
    assertThat(end(new InputException("wrong: mend it"), Set.of("a"), "a"))
        .isExactlyInstanceOf(RunFailedException.class);
    assertThat(end(null, Set.of("a"), "a")).isExactlyInstanceOf(RunFailedException.class);
  }
}
