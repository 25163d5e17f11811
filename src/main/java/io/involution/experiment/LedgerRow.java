package io.involution.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * A row of the ledger: how far a cell is and what came of it.
 *
 * @param experiment the experiment's name
 * @param tags the experiment's tags
 * @param cell the cell's id
 * @param state how far it is
 * @param attempts how many times it has been tried, in all starts
 * @param started when the last attempt began, in UTC; null before
 * @param ended when it ended; null before
 * @param seconds how long it took; null before
 * @param error why it failed or stopped, as one line; null where it did not
 * @param run where its run is, below the experiment's folder
 * @param settings its options, by name
 * @param provenance which data, job and machine, by name
 * @param results the figures of run.json, by network; null before the end
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
    JsonNode results) {

  /** A setting as text; {@code –} where there is none. */
  public String setting(String name) {
    Object value = settings.get(name);
    return value == null ? "–" : String.valueOf(value);
  }

  /**
   * The row of a cell that nobody works on.
   *
   * @param attempts how many times it has been tried before
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

  /** The row when an attempt begins. */
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

  /** The row when an attempt has ended. */
  LedgerRow ended(CellState how, String now, Double took, String line, JsonNode figures) {
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
        figures);
  }
}
