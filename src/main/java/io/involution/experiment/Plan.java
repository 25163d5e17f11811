package io.involution.experiment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The cells of an experiment, without duplicates.
 *
 * @param matrix the content of the experiment file
 * @param cells the cells, in order
 */
public record Plan(Matrix matrix, List<Cell> cells) {

  /** Determines the cells' IDs; cells with the same ID become one. */
  public static Plan of(Matrix matrix, CellTrainer trainer) {
    Map<String, Cell> cells = new LinkedHashMap<>();
    matrix
        .cells()
        .forEach(
            options -> {
              CellFacts facts = trainer.facts(options.train()).with(options.recipe());
              Cell cell = Cell.of(options.train(), facts);
              cells.putIfAbsent(cell.id(), cell);
            });
    return new Plan(matrix, List.copyOf(cells.values()));
  }

  /** The rows of the ledger before anything has been started. */
  List<LedgerRow> pending() {
    return cells.stream().map(cell -> LedgerRow.pending(this, cell, 0)).toList();
  }

  /** What distinguishes a cell from the others, such as {@code workers 2, seed 43}. */
  public String label(Cell cell) {
    List<Map<String, Object>> all = cells.stream().map(other -> other.facts().settings()).toList();
    List<String> parts = new ArrayList<>();
    for (String name : differing(all)) {
      Object value = cell.facts().settings().get(name);
      if (value != null) {
        parts.add(name.replace('_', ' ') + " " + value);
      }
    }
    return parts.isEmpty()
        ? "model " + cell.facts().settings().get("model")
        : String.join(", ", parts);
  }

  /** The names of the settings that differ between cells. */
  static List<String> differing(Collection<Map<String, Object>> settings) {
    Set<String> names = new LinkedHashSet<>();
    settings.forEach(map -> names.addAll(map.keySet()));
    return names.stream()
        .filter(name -> settings.stream().map(map -> text(map.get(name))).distinct().count() > 1)
        .toList();
  }

  private static String text(Object value) {
    return Objects.toString(value, "");
  }
}
