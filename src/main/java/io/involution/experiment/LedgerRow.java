package io.involution.experiment;

import io.involution.metrics.ModelResult;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A row of the ledger: a cell's state and results.
 *
 * @param experiment the experiment's name
 * @param tags the experiment's tags
 * @param cell the cell's id
 * @param state its state
 * @param attempts how often it has been attempted, over all starts
 * @param started when the last attempt began, in UTC; null before the first
 * @param ended when it ended, in UTC; null before
 * @param seconds the attempt's duration; null before
 * @param error why it failed or stopped, in one line; otherwise null
 * @param run the location of its run, relative to the experiment's folder
 * @param settings every option of its run by name, defaults included; config is its recipe
 * @param provenance the data, job and machine, by name
 * @param results the results by network; null until the cell is done
 */
public record LedgerRow(
    String experiment,
    List<String> tags,
    String cell,
    CellState state,
    int attempts,
    String started,
    String ended,
    Double seconds,
    String error,
    String run,
    Map<String, Object> settings,
    Map<String, String> provenance,
    Map<String, ModelResult> results) {

  private static final Pattern CELL = Pattern.compile("\\w{1,64}");

  /** Requires what the row of every cell has; the run of a cell lies in the experiment's folder. */
  public LedgerRow {
    if (!CELL.matcher(cell).matches() || !run.equals("cells/" + cell)) {
      throw new IllegalArgumentException("cell " + cell + " with the run " + run);
    }
    Objects.requireNonNull(state, "no state");
    Objects.requireNonNull(settings, "no settings");
    if (results != null) {
      results.values().forEach(result -> Objects.requireNonNull(result, "no result"));
    }
  }

  /** A setting as text; {@code –} if it is absent. */
  public String setting(String name) {
    Object value = settings.get(name);
    return value == null ? "–" : String.valueOf(value);
  }

  /**
   * The row of a cell that is not running.
   *
   * @param attempts how often it has been attempted before
   */
  static LedgerRow pending(Plan plan, Cell cell, int attempts) {
    return new LedgerRow(
        plan.matrix().name(),
        plan.matrix().tags(),
        cell.id(),
        CellState.PENDING,
        attempts,
        null,
        null,
        null,
        null,
        cell.run(),
        cell.facts().settings(),
        cell.facts().provenance(),
        null);
  }

  /** The same row with other names of settings: those of an older job may lack some. */
  LedgerRow with(Map<String, Object> named) {
    return new LedgerRow(
        experiment,
        tags,
        cell,
        state,
        attempts,
        started,
        ended,
        seconds,
        error,
        run,
        named,
        provenance,
        results);
  }

  /** The row at the start of an attempt. */
  LedgerRow running(int attempt, String now) {
    return new LedgerRow(
        experiment,
        tags,
        cell,
        CellState.RUNNING,
        attempt,
        now,
        null,
        null,
        null,
        run,
        settings,
        provenance,
        null);
  }

  /** The row at the end of an attempt. */
  LedgerRow ended(
      CellState how, String now, Double took, String line, Map<String, ModelResult> found) {
    return new LedgerRow(
        experiment,
        tags,
        cell,
        how,
        attempts,
        started,
        now,
        took,
        line,
        run,
        settings,
        provenance,
        found);
  }
}
