package io.involution.tracking;

import io.involution.evaluate.Evaluation;
import io.involution.train.EpochOutcome;
import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers of an epoch by the names that a run's results have for them. */
final class EpochMetrics {
  private EpochMetrics() {}

  /** Those of an outcome; null where it does not know one. */
  static Map<String, Double> of(EpochOutcome outcome) {
    double examples = outcome.examples();
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("test_accuracy", outcome.test().accuracy());
    values.put("test_loss", outcome.test().loss());
    values.put("train_accuracy", outcome.training().map(s -> s.correct() / examples).orElse(null));
    values.put("train_loss", outcome.training().map(s -> s.lossSum() / examples).orElse(null));
    values.put("validation_accuracy", outcome.validation().map(Evaluation::accuracy).orElse(null));
    values.put("validation_loss", outcome.validation().map(Evaluation::loss).orElse(null));
    values.put("examples_per_second", examples / outcome.roundSeconds());
    return values;
  }
}
