package io.involution.experiment;

import io.involution.report.TextTable;
import io.involution.run.Claims;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The status of an experiment, for a terminal. */
public final class ExperimentStatus {
  private final List<LedgerRow> rows;

  /** The status according to the ledger's rows. */
  public ExperimentStatus(List<LedgerRow> rows) {
    this.rows = List.copyOf(rows);
  }

  /** The same, but a running cell whose process is known to be gone counts as stopped. */
  public static ExperimentStatus of(List<LedgerRow> rows, ExperimentFolder folder) {
    try (Claims claims = new Claims(folder.files())) {
      return new ExperimentStatus(rows.stream().map(row -> seen(row, claims)).toList());
    }
  }

  private static LedgerRow seen(LedgerRow row, Claims claims) {
    return row.state() == CellState.RUNNING && claims.isAbandoned(row.cell())
        ? row.ended(CellState.STOPPED, null, null, "its process no longer exists", null)
        : row;
  }

  /** One line with the number of cells in every state that occurs. */
  public String line() {
    Map<CellState, Integer> counts = new EnumMap<>(CellState.class);
    rows.forEach(row -> counts.merge(row.state(), 1, Integer::sum));
    List<String> parts = new ArrayList<>();
    counts.forEach((state, count) -> parts.add(count + " " + state.word()));
    return String.format(Locale.ROOT, "%d cells: %s", rows.size(), String.join(", ", parts));
  }

  /** The number of cells in a state. */
  public long count(CellState state) {
    return rows.stream().filter(row -> row.state() == state).count();
  }

  /** One row per cell. */
  public String table() {
    List<String> keys = Plan.differing(rows.stream().map(LedgerRow::settings).toList());
    TextTable table = new TextTable();
    List<String> head = new ArrayList<>(List.of("cell"));
    keys.forEach(key -> head.add(key.replace('_', ' ')));
    head.addAll(List.of("state", "attempts", "seconds", ""));
    table.row(head).rule();
    for (LedgerRow row : rows) {
      List<String> cells = new ArrayList<>(List.of(row.cell()));
      keys.forEach(key -> cells.add(row.setting(key)));
      cells.add(row.state().word());
      cells.add(String.valueOf(row.attempts()));
      cells.add(row.seconds() == null ? "–" : String.valueOf(Math.round(row.seconds())));
      cells.add(row.error() == null ? "" : row.error());
      table.row(cells);
    }
    return table.toString();
  }

  /** The cells that failed, one line each. */
  public List<String> failures() {
    return rows.stream()
        .filter(row -> row.state() == CellState.FAILED)
        .map(row -> row.cell() + " failed after " + row.attempts() + " attempts: " + row.error())
        .toList();
  }
}
