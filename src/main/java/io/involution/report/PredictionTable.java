package io.involution.report;

import io.involution.evaluate.artifact.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Predictions for an image, as a table for a terminal. */
public final class PredictionTable {
  private PredictionTable() {}

  /**
   * Draws the answer of every model, and below it the table, the most probable classes of the first
   * model first.
   *
   * @param file the image's name
   * @param classes names of the classes, in label order
   * @param predictions by network name; at least one
   */
  public static String of(String file, List<String> classes, Map<String, Prediction> predictions) {
    TextTable table = new TextTable();
    List<String> header = new ArrayList<>(List.of(""));
    header.addAll(predictions.keySet());
    table.row(header).rule();
    List<Float> first = predictions.values().iterator().next().probabilities();
    List<Integer> order = new ArrayList<>();
    for (int label = 0; label < first.size(); label++) {
      order.add(label);
    }
    order.sort((a, b) -> Float.compare(first.get(b), first.get(a)));
    for (int label : order) {
      List<String> row = new ArrayList<>(List.of(classes.get(label)));
      for (Prediction prediction : predictions.values()) {
        row.add(percent(prediction.probabilities().get(label)));
      }
      table.row(row);
    }
    return answers(file, classes, predictions) + table;
  }

  private static String answers(
      String file, List<String> classes, Map<String, Prediction> predictions) {
    List<String> answers = new ArrayList<>();
    predictions.forEach(
        (network, prediction) ->
            answers.add(
                String.format(
                    Locale.ROOT,
                    "%s (%s, %s)",
                    classes.get(prediction.predicted()),
                    network,
                    percent(prediction.probabilities().get(prediction.predicted())))));
    return file + ": " + String.join(", ", answers) + "\n\n";
  }

  private static String percent(float probability) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * probability);
  }
}
