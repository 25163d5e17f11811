package io.involution.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.config.InputException;
import io.involution.report.TextTable;
import io.involution.report.run.RunGroups;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A figure of an experiment's complete cells: its mean and spread in groups of like settings. */
public final class ExperimentTable {
  private static final Map<String, String> SHORT =
      Map.of("period", "averaging_period", "h", "averaging_period", "batch", "batch_size");

  private final List<String> keys;
  private final String metric;
  private final Map<List<String>, List<Double>> groups = new LinkedHashMap<>();

  /**
   * Puts a table together.
   *
   * @param rows the ledger's rows
   * @param groupBy names of settings; empty: all that differ, the seed left out
   * @param metric name of a figure
   * @throws InputException when there is no such setting or figure
   */
  public ExperimentTable(List<LedgerRow> rows, List<String> groupBy, String metric) {
    List<LedgerRow> done =
        rows.stream()
            .filter(row -> row.state() == CellState.DONE && row.results() != null)
            .toList();
    if (done.isEmpty()) {
      throw new InputException("no cell is complete yet: look again later, or see status");
    }
    this.keys = groupBy.isEmpty() ? differing(done) : named(done, groupBy);
    this.metric = metric.replace('-', '_');
    for (LedgerRow row : done) {
      row.results().fields().forEachRemaining(model -> add(row, model.getKey(), model.getValue()));
    }
    if (groups.isEmpty()) {
      throw new InputException(
          "--metric %s is in no cell: use one of %s".formatted(metric, metrics(done)));
    }
  }

  private void add(LedgerRow row, String model, JsonNode result) {
    JsonNode value = result.path(metric);
    if (value.isNumber()) {
      List<String> group = new ArrayList<>(List.of(model));
      keys.forEach(key -> group.add(row.setting(key)));
      groups.computeIfAbsent(group, key -> new ArrayList<>()).add(value.asDouble());
    }
  }

  private static List<String> differing(List<LedgerRow> rows) {
    return Plan.differing(rows.stream().map(LedgerRow::settings).toList()).stream()
        .filter(name -> !name.equals("seed") && !name.equals("model"))
        .toList();
  }

  private static List<String> named(List<LedgerRow> rows, List<String> given) {
    Set<String> known = new TreeSet<>();
    rows.forEach(row -> known.addAll(row.settings().keySet()));
    List<String> names = new ArrayList<>();
    for (String word : given) {
      String plain = word.strip().toLowerCase(Locale.ROOT).replace('-', '_');
      String name = SHORT.getOrDefault(plain, plain);
      if (!known.contains(name)) {
        throw new InputException(
            "--group-by has '%s': use some of %s".formatted(word, String.join(", ", known)));
      }
      if (!name.equals("model")) {
        names.add(name);
      }
    }
    return names;
  }

  private static String metrics(List<LedgerRow> rows) {
    Set<String> names = new TreeSet<>();
    for (LedgerRow row : rows) {
      for (JsonNode result : row.results()) {
        result
            .fields()
            .forEachRemaining(
                figure -> {
                  if (figure.getValue().isNumber()) {
                    names.add(figure.getKey());
                  }
                });
      }
    }
    return String.join(", ", names);
  }

  /** For a terminal; the best group of each network is marked. */
  public String text() {
    TextTable table = new TextTable();
    List<String> head = new ArrayList<>(List.of("model"));
    keys.forEach(key -> head.add(key.replace('_', ' ')));
    head.addAll(List.of("cells", metric.replace('_', ' '), "± sd", ""));
    table.row(head.toArray(String[]::new)).rule();
    groups.forEach(
        (group, values) -> {
          List<String> cells = new ArrayList<>(group);
          Double deviation = RunGroups.deviation(values);
          cells.add(String.valueOf(values.size()));
          cells.add(number(RunGroups.mean(values)));
          cells.add(deviation == null ? "–" : number(deviation));
          cells.add(isBest(group) ? "best" : "");
          table.row(cells.toArray(String[]::new));
        });
    return table.toString();
  }

  /** As comma-separated values, in full precision. */
  public String csv() {
    StringBuilder csv = new StringBuilder("model,");
    keys.forEach(key -> csv.append(key).append(','));
    csv.append("cells,").append(metric).append("_mean,").append(metric).append("_sd,best\n");
    groups.forEach(
        (group, values) -> {
          group.forEach(cell -> csv.append(quoted(cell)).append(','));
          Double deviation = RunGroups.deviation(values);
          csv.append(values.size()).append(',').append(RunGroups.mean(values)).append(',');
          csv.append(deviation == null ? "" : deviation).append(',').append(isBest(group));
          csv.append('\n');
        });
    return csv.toString();
  }

  private boolean isBest(List<String> group) {
    boolean less = metric.contains("loss") || metric.equals("seconds");
    double own = RunGroups.mean(groups.get(group));
    return groups.entrySet().stream()
        .filter(other -> other.getKey().get(0).equals(group.get(0)))
        .mapToDouble(other -> RunGroups.mean(other.getValue()))
        .allMatch(other -> less ? own <= other : own >= other);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.4f" : "%,.1f", value);
  }

  private static String quoted(String cell) {
    return cell.matches("[^\",\\n]*") ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
  }
}
