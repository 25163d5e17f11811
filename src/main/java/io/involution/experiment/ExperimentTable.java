package io.involution.experiment;

import io.involution.failure.InputException;
import io.involution.report.CsvCell;
import io.involution.report.TextTable;
import io.involution.report.run.RunGroups;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A metric of an experiment's complete cells: mean and spread by group of settings, and the
 * difference between each group and a baseline, seed by seed.
 */
public final class ExperimentTable {
  private static final Map<String, String> SHORT =
      Map.of("period", "averaging_period", "h", "averaging_period", "batch", "batch_size");

  /** A group is of one network, while this setting of a cell may name several. */
  private static final String MODEL = "model";

  private final List<String> keys;
  private final String metric;
  private final MetricByGroup metrics;
  private final Map<List<String>, PairedDifference> differences = new HashMap<>();
  private final boolean compared;

  /**
   * Makes a table.
   *
   * @param rows the ledger's rows
   * @param groupBy names of settings; if empty, all that differ except the seed
   * @param metric name of a number of the results
   * @param against settings, by name, of the baseline cells that all others are compared with, of
   *     their own network unless a model is named; empty for no comparison
   * @throws InputException if there is no such setting or metric, or one seed has several cells to
   *     compare
   */
  public ExperimentTable(
      List<LedgerRow> rows, List<String> groupBy, String metric, Map<String, String> against) {
    List<LedgerRow> done =
        rows.stream()
            .filter(row -> row.state() == CellState.DONE && row.results() != null)
            .toList();
    if (done.isEmpty()) {
      throw new InputException("no cell is complete yet: try again later, or see status");
    }
    this.keys = groupBy.isEmpty() ? differing(done) : named(done, groupBy);
    this.metric = metric.replace('-', '_');
    this.metrics = new MetricByGroup(done, keys, this.metric);
    if (metrics.groups().isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT, "--metric %s is in no cell: use one of %s", metric, names(done)));
    }
    this.compared = !against.isEmpty();
    if (compared) {
      compare(done, against);
    }
  }

  private void compare(List<LedgerRow> rows, Map<String, String> against) {
    Map<String, String> wanted = new LinkedHashMap<>();
    against.forEach(
        (word, value) -> {
          String name = named(rows, "--against", word);
          wanted.put(name, written(rows, name, value.strip()));
        });
    String network = wanted.remove(MODEL);
    MetricByGroup others = new MetricByGroup(rows, List.copyOf(wanted.keySet()), metric);
    for (List<String> group : metrics.groups()) {
      List<String> baseline = new ArrayList<>();
      baseline.add(network == null ? group.get(0) : network);
      baseline.addAll(wanted.values());
      PairedDifference difference =
          PairedDifference.of(
              metrics.bySeed(group, "--group-by"), others.bySeed(baseline, "--against"));
      if (difference != null) {
        differences.put(group, difference);
      }
    }
    if (differences.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--against matches no complete cell with the same seed as another: there are %s",
              others.groups().stream()
                  .map(group -> String.join(" ", group))
                  .collect(Collectors.joining(", "))));
    }
  }

  private static List<String> differing(List<LedgerRow> rows) {
    return Plan.differing(rows.stream().map(LedgerRow::settings).toList()).stream()
        .filter(name -> !name.equals("seed") && !name.equals(MODEL))
        .toList();
  }

  private static List<String> named(List<LedgerRow> rows, List<String> groupBy) {
    return groupBy.stream()
        .map(word -> named(rows, "--group-by", word))
        .filter(name -> !name.equals(MODEL))
        .toList();
  }

  private static String named(List<LedgerRow> rows, String option, String word) {
    String plain = word.strip().toLowerCase(Locale.ROOT).replace('-', '_');
    String name = SHORT.getOrDefault(plain, plain);
    Set<String> known = new TreeSet<>();
    rows.forEach(row -> known.addAll(row.settings().keySet()));
    if (!known.contains(name)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s has '%s': use one or more of %s",
              option,
              word,
              String.join(", ", known)));
    }
    return name;
  }

  /** A value as the cells have it, which may write the same number in another way. */
  private static String written(List<LedgerRow> rows, String name, String value) {
    return rows.stream()
        .map(row -> row.setting(name))
        .filter(own -> own.equals(value) || isSameNumber(own, value))
        .findFirst()
        .orElse(value);
  }

  private static boolean isSameNumber(String one, String other) {
    try {
      return new BigDecimal(one).compareTo(new BigDecimal(other)) == 0;
    } catch (NumberFormatException text) {
      return false;
    }
  }

  private static String names(List<LedgerRow> rows) {
    Set<String> names = new TreeSet<>();
    for (LedgerRow row : rows) {
      row.results().values().forEach(result -> names.addAll(result.numbers().keySet()));
    }
    names.removeIf(name -> name.lastIndexOf('/') > 0);
    return String.join(", ", names.stream().map(name -> name.substring(1)).toList());
  }

  /** The table for a terminal; the best group of each network is marked. */
  public String text() {
    TextTable table = new TextTable();
    List<String> head = new ArrayList<>(List.of("model"));
    keys.forEach(key -> head.add(key.replace('_', ' ')));
    head.addAll(List.of("cells", metric.replace('_', ' '), "± sd"));
    if (compared) {
      head.addAll(List.of("difference", "95 % interval"));
    }
    head.add("");
    table.row(head).rule();
    for (List<String> group : metrics.groups()) {
      List<Double> values = metrics.of(group);
      List<String> cells = new ArrayList<>(group);
      Double deviation = RunGroups.deviation(values);
      cells.add(String.valueOf(values.size()));
      cells.add(number(RunGroups.mean(values)));
      cells.add(deviation == null ? "–" : number(deviation));
      if (compared) {
        cells.addAll(difference(differences.get(group)));
      }
      cells.add(isBest(group) ? "best" : "");
      table.row(cells);
    }
    return table.toString();
  }

  private static List<String> difference(PairedDifference difference) {
    if (difference == null) {
      return List.of("–", "–");
    }
    Double margin = difference.margin();
    return List.of(
        signed(difference.mean()),
        margin == null
            ? "–"
            : signed(difference.mean() - margin) + " to " + signed(difference.mean() + margin));
  }

  /** The table as comma-separated values, in full precision. */
  public String csv() {
    StringBuilder csv = new StringBuilder("model,");
    keys.forEach(key -> csv.append(CsvCell.of(key)).append(','));
    csv.append("cells,").append(metric).append("_mean,").append(metric).append("_sd,best");
    csv.append(compared ? ",pairs,difference_mean,difference_margin\n" : "\n");
    for (List<String> group : metrics.groups()) {
      List<Double> values = metrics.of(group);
      group.forEach(cell -> csv.append(CsvCell.of(cell)).append(','));
      Double deviation = RunGroups.deviation(values);
      csv.append(values.size()).append(',').append(RunGroups.mean(values)).append(',');
      csv.append(deviation == null ? "" : deviation).append(',').append(isBest(group));
      if (compared) {
        PairedDifference difference = differences.get(group);
        csv.append(
            difference == null
                ? ",0,,"
                : String.format(
                    Locale.ROOT,
                    ",%d,%s,%s",
                    difference.pairs(),
                    difference.mean(),
                    difference.margin() == null ? "" : difference.margin()));
      }
      csv.append('\n');
    }
    return csv.toString();
  }

  /** Whether a group is better than every other of its network: none is in a tie, or alone. */
  private boolean isBest(List<String> group) {
    boolean less = metric.contains("loss") || metric.equals("seconds");
    double own = RunGroups.mean(metrics.of(group));
    List<List<String>> others =
        metrics.groups().stream()
            .filter(other -> other.get(0).equals(group.get(0)) && !other.equals(group))
            .toList();
    return !others.isEmpty()
        && others.stream()
            .mapToDouble(other -> RunGroups.mean(metrics.of(other)))
            .allMatch(other -> less ? own < other : own > other);
  }

  private static String signed(double value) {
    return (value < 0 ? "" : "+") + number(value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.4f" : "%,.1f", value);
  }
}
