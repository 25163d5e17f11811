package io.involution.report;

import io.involution.evaluate.Evaluation;
import io.involution.evaluate.artifact.Confusion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An evaluation as tables for a terminal. */
public final class EvaluationTable {
  private EvaluationTable() {}

  /**
   * Draws accuracy and loss, precision and recall by class, and the confusion counts.
   *
   * @param evaluation what to draw
   * @param classNames the classes, in label order
   */
  public static String of(Evaluation evaluation, List<String> classNames) {
    TextTable totals = new TextTable();
    totals.row("test accuracy", decimal(evaluation.accuracy()));
    totals.row("test loss", decimal(evaluation.loss()));
    totals.row("examples", String.format(Locale.ROOT, "%,d", evaluation.examples()));
    TextTable classes = new TextTable();
    List<String> header = new ArrayList<>(List.of("label \\ prediction"));
    header.addAll(classNames);
    header.addAll(List.of("recall", "precision"));
    classes.row(header).rule();
    Confusion confusion = evaluation.confusion(null, classNames);
    for (int label = 0; label < confusion.size(); label++) {
      List<String> row = new ArrayList<>(List.of(classNames.get(label)));
      confusion.counts().get(label).forEach(count -> row.add(String.valueOf(count)));
      row.add(decimal(confusion.recall(label)));
      row.add(decimal(confusion.precision(label)));
      classes.row(row);
    }
    return totals + "\n" + classes;
  }

  private static String decimal(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }
}
