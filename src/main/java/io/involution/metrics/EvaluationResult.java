package io.involution.metrics;

import io.involution.evaluate.Evaluation;
import io.involution.metrics.ModelResult.ParameterCounts;

/**
 * What an evaluation found out about a saved model: {@code results.MODEL} of its run.json, as far
 * as it knows what a training knows.
 *
 * @param testAccuracy share of all test examples classified rightly
 * @param testLoss mean cross-entropy over all test examples, in nats
 * @param parameters number of parameters
 * @param parametersSha256 digest of the parameter vector
 */
public record EvaluationResult(
    double testAccuracy, double testLoss, ParameterCounts parameters, String parametersSha256) {

  /** The result of an evaluation. */
  public static EvaluationResult of(Evaluation test, ParameterCounts parameters, String sha256) {
    return new EvaluationResult(test.accuracy(), test.loss(), parameters, sha256);
  }
}
