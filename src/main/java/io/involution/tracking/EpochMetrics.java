package io.involution.tracking;

import io.involution.evaluate.Evaluation;
import io.involution.train.EpochOutcome;
import java.util.LinkedHashMap;
import java.util.Map;

/** The metrics of an epoch, under the names that they have in a run's results. */
final class EpochMetrics {
  private EpochMetrics() {}

  /** The metrics of an outcome; null for those that are unknown. */
  static Map<String, Double> of(EpochOutcome outcome) {
    double examples = outcome.examples();
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("test_accuracy", outcome.test().map(Evaluation::accuracy).orElse(null));
    values.put("test_loss", outcome.test().map(Evaluation::loss).orElse(null));
    values.put("train_accuracy", outcome.training().map(s -> s.correct() / examples).orElse(null));
    values.put("train_loss", outcome.training().map(s -> s.lossSum() / examples).orElse(null));
    values.put("validation_accuracy", outcome.validation().map(Evaluation::accuracy).orElse(null));
    values.put("validation_loss", outcome.validation().map(Evaluation::loss).orElse(null));
    values.put("examples_per_second", examples / outcome.roundSeconds());
    return values;
  }
}
