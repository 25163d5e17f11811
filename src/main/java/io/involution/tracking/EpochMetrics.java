package io.involution.tracking;

import io.involution.metrics.EpochRow;
import java.util.LinkedHashMap;
import java.util.Map;

/** The metrics of an epoch, under the names that they have in a run's results. */
final class EpochMetrics {
  private EpochMetrics() {}

  /** The metrics of a row; null for those that are unknown. */
  static Map<String, Double> of(EpochRow row) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("test_accuracy", row.testAccuracy());
    values.put("test_loss", row.testLoss());
    values.put("test_top5_accuracy", row.testTop5Accuracy());
    values.put("plain_test_accuracy", row.plainTestAccuracy());
    values.put("plain_test_loss", row.plainTestLoss());
    values.put("train_accuracy", row.trainAccuracy());
    values.put("train_loss", row.trainLoss());
    values.put("validation_accuracy", row.validationAccuracy());
    values.put("validation_loss", row.validationLoss());
    values.put("examples_per_second", row.examples() / row.roundSeconds());
    return values;
  }
}
