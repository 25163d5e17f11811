package io.involution.report;

import io.involution.evaluate.Evaluation;
import io.involution.evaluate.artifact.Confusion;
import io.involution.evaluate.artifact.Confusion.ClassCounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** An evaluation as tables for a terminal. */
public final class EvaluationTable {
  /** The most classes whose counts fit onto a terminal as a square. */
  private static final int MOST_SQUARE = 10;

  private static final int SHOWN = 20;

  private EvaluationTable() {}

  /**
   * Draws accuracy and loss, precision and recall by class, and the confusion counts; of many
   * classes only those of lowest recall.
   *
   * @param evaluation what to draw
   * @param classNames the classes, in label order
   */
  public static String of(Evaluation evaluation, List<String> classNames) {
    TextTable totals = new TextTable();
    totals.row("test accuracy", decimal(evaluation.accuracy()));
    if (evaluation.topFiveAccuracy() != null) {
      totals.row("top-5 accuracy", decimal(evaluation.topFiveAccuracy()));
    }
    if (evaluation.plainAccuracy() != null) {
      totals.row("  of plain images", decimal(evaluation.plainAccuracy()));
    }
    totals.row("test loss", decimal(evaluation.loss()));
    totals.row("examples", String.format(Locale.ROOT, "%,d", evaluation.examples()));
    Confusion confusion = evaluation.confusion(null, classNames);
    return totals + "\n" + (confusion.size() > MOST_SQUARE ? lowest(confusion) : square(confusion));
  }

  /** The classes of lowest recall, the lowest first. */
  private static TextTable lowest(Confusion confusion) {
    TextTable table = new TextTable();
    table.row("lowest recall by class", "recall", "precision", "examples").rule();
    List<ClassCounts> classes = confusion.byClass();
    IntStream.range(0, classes.size())
        .boxed()
        .filter(label -> classes.get(label).labeled() > 0)
        .sorted(Comparator.comparingDouble(label -> classes.get(label).recall()))
        .limit(SHOWN)
        .forEach(
            label -> {
              ClassCounts counts = classes.get(label);
              table.row(
                  confusion.className(label),
                  decimal(counts.recall()),
                  decimal(counts.precision()),
                  String.format(Locale.ROOT, "%,d", counts.labeled()));
            });
    return table;
  }

  private static TextTable square(Confusion confusion) {
    TextTable classes = new TextTable();
    List<String> header = new ArrayList<>(List.of("label \\ prediction"));
    IntStream.range(0, confusion.size()).mapToObj(confusion::className).forEach(header::add);
    header.addAll(List.of("recall", "precision"));
    classes.row(header).rule();
    List<ClassCounts> counts = confusion.byClass();
    for (int label = 0; label < confusion.size(); label++) {
      List<String> row = new ArrayList<>(List.of(confusion.className(label)));
      confusion.counts().get(label).forEach(count -> row.add(String.valueOf(count)));
      row.add(decimal(counts.get(label).recall()));
      row.add(decimal(counts.get(label).precision()));
      classes.row(row);
    }
    return classes;
  }

  private static String decimal(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }
}
