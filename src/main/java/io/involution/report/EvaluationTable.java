package io.involution.report;

import io.involution.evaluate.Evaluation;
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
    classes.row(header.toArray(String[]::new)).rule();
    long[][] confusion = evaluation.confusion();
    for (int label = 0; label < confusion.length; label++) {
      List<String> row = new ArrayList<>(List.of(classNames.get(label)));
      long labelled = 0;
      long predicted = 0;
      for (int other = 0; other < confusion.length; other++) {
        row.add(String.valueOf(confusion[label][other]));
        labelled += confusion[label][other];
        predicted += confusion[other][label];
      }
      row.add(share(confusion[label][label], labelled));
      row.add(share(confusion[label][label], predicted));
      classes.row(row.toArray(String[]::new));
    }
    return totals + "\n" + classes;
  }

  private static String share(long part, long whole) {
    return whole == 0 ? "-" : decimal((double) part / whole);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
