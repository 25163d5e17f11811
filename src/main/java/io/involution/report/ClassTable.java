package io.involution.report;

import io.involution.metrics.ClassResult;
import io.involution.metrics.ModelResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** The test accuracy of each class as a table for a terminal; of many, the lowest. */
public final class ClassTable {
  /** The most classes that are shown. */
  private static final int SHOWN = 10;

  private ClassTable() {}

  /**
   * Draws the table.
   *
   * @param results by network name, in the order of the columns
   * @return empty if the classes are not known
   */
  public static String of(Map<String, ModelResult> results) {
    List<List<ClassResult>> columns =
        results.values().stream().map(ModelResult::classes).filter(Objects::nonNull).toList();
    if (columns.size() < results.size() || columns.isEmpty()) {
      return "";
    }
    int classes = columns.get(0).size();
    boolean many = classes > SHOWN;
    TextTable table = new TextTable();
    List<String> header =
        new ArrayList<>(List.of(many ? "lowest test accuracy by class" : "test accuracy by class"));
    header.addAll(results.keySet());
    header.add("examples");
    table.row(header).rule();
    for (int label : many ? lowest(columns, classes) : IntStream.range(0, classes).toArray()) {
      List<String> row = new ArrayList<>(List.of(columns.get(0).get(label).name()));
      columns.forEach(column -> row.add(decimal(column.get(label).accuracy())));
      row.add(String.format(Locale.ROOT, "%,d", columns.get(0).get(label).examples()));
      table.row(row);
    }
    return table.toString();
  }

  /** The classes of lowest accuracy over the networks together, the lowest first. */
  private static int[] lowest(List<List<ClassResult>> columns, int classes) {
    return IntStream.range(0, classes)
        .boxed()
        .filter(label -> columns.get(0).get(label).examples() > 0)
        .sorted(Comparator.comparingDouble(label -> sum(columns, label)))
        .limit(SHOWN)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static double sum(List<List<ClassResult>> columns, int label) {
    return columns.stream().mapToDouble(column -> column.get(label).accuracy()).sum();
  }

  private static String decimal(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }
}
