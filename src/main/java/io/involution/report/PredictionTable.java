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
   * Draws the table, the most probable classes of the first model first.
   *
   * @param file the image's name
   * @param classes names of the classes, in label order
   * @param predictions by network name; at least one
   */
  public static String of(String file, List<String> classes, Map<String, Prediction> predictions) {
    TextTable table = new TextTable();
    List<String> header = new ArrayList<>(List.of(file));
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
        row.add(String.format(Locale.ROOT, "%.2f %%", 100 * prediction.probabilities().get(label)));
      }
      table.row(row);
    }
    return table.toString();
  }
}
