package io.involution.report;

import io.involution.metrics.EpochRow;
import io.involution.metrics.ModelResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The networks of a run next to each other, as a table for a terminal. */
public final class Comparison {
  private Comparison() {}

  /**
   * Draws the table.
   *
   * @param results by network name, in the order of the columns; at least one
   * @param epochs how many the run was to have; the last one may be a fraction
   */
  public static String table(Map<String, ModelResult> results, double epochs) {
    TextTable table = new TextTable();
    List<String> header = new ArrayList<>(List.of(""));
    header.addAll(results.keySet());
    table.row(header).rule();
    List<ModelResult> columns = List.copyOf(results.values());
    add(table, "test accuracy", columns, result -> decimal(result.testAccuracy(), 4));
    if (columns.stream().anyMatch(result -> result.testTop5Accuracy() != null)) {
      add(table, "top-5 accuracy", columns, result -> decimal(result.testTop5Accuracy(), 4));
    }
    if (columns.stream().anyMatch(result -> result.plainTestAccuracy() != null)) {
      add(table, "  of plain images", columns, r -> decimal(r.plainTestAccuracy(), 4));
    }
    add(table, "test loss", columns, result -> decimal(result.testLoss(), 4));
    add(table, "train accuracy", columns, result -> decimal(result.trainAccuracy(), 4));
    add(table, "train loss", columns, result -> decimal(result.trainLoss(), 4));
    if (columns.stream().anyMatch(result -> result.bestEpoch() != null)) {
      add(table, "best epoch", columns, result -> epoch(result.bestEpoch(), epochs));
      add(table, "validation accuracy", columns, r -> decimal(r.validationAccuracy(), 4));
      add(table, "its test accuracy", columns, r -> decimal(r.bestEpochTestAccuracy(), 4));
    }
    if (columns.stream().anyMatch(result -> "patience".equals(result.ended()))) {
      add(table, "epochs trained", columns, result -> epoch(result.epochs(), epochs));
    }
    add(table, "parameters", columns, result -> count(result.parameters().total()));
    add(table, "  trainable", columns, result -> count(result.parameters().trainable()));
    add(table, "  non-trainable", columns, result -> count(result.parameters().nonTrainable()));
    add(
        table,
        "accuracy points per 1,000 parameters",
        columns,
        result -> decimal(100_000 * result.testAccuracy() / result.parameters().total(), 3));
    add(table, "training examples/s", columns, r -> count(Math.round(r.examplesPerSecond())));
    add(table, "seconds", columns, result -> decimal(result.seconds(), 1));
    return table.toString();
  }

  private static void add(
      TextTable table,
      String title,
      List<ModelResult> columns,
      Function<ModelResult, String> value) {
    List<String> row = new ArrayList<>(List.of(title));
    columns.forEach(column -> row.add(value.apply(column)));
    table.row(row);
  }

  private static String epoch(Integer epoch, double epochs) {
    return epoch == null ? "-" : EpochRow.shown(epoch, epochs);
  }

  private static String decimal(Number value, int digits) {
    return value == null
        ? "-"
        : String.format(Locale.ROOT, "%,." + digits + "f", value.doubleValue());
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
