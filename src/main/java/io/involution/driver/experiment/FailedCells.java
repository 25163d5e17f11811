package io.involution.driver.experiment;

import io.involution.driver.Resumption;
import io.involution.experiment.LedgerRow;
import io.involution.failure.RunFailedException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The cells of an experiment that have failed.
 *
 * @param rows their rows in the ledger, at least one
 * @param cells the number of all cells of the experiment
 */
record FailedCells(List<LedgerRow> rows, int cells) {
  /**
   * What ends the process. The cells can go on if all that they failed with may pass and one has a
   * checkpoint: the checkpoints of the others do not help them.
   *
   * @param cause what a cell has failed with in this process, by its ID
   * @param hasCheckpoint whether a cell has one, by its ID
   * @param how what to do to go on
   */
  RuntimeException end(
      Function<String, Optional<Throwable>> cause, Predicate<String> hasCheckpoint, String how) {
    return new Resumption(() -> rows.stream().map(LedgerRow::cell).anyMatch(hasCheckpoint), how)
        .thrown(failure(cause));
  }

  private RunFailedException failure(Function<String, Optional<Throwable>> cause) {
    LedgerRow first = rows.get(0);
    boolean mayPass =
        rows.stream()
            .allMatch(row -> cause.apply(row.cell()).filter(Resumption::mayPass).isPresent());
    return new RunFailedException(
        String.format(
            Locale.ROOT,
            "%d of %d cells failed, %s with: %s",
            rows.size(),
            cells,
            first.cell(),
            first.error()),
        mayPass ? cause.apply(first.cell()).orElseThrow() : null);
  }
}
