package io.involution.metrics;

import io.involution.evaluate.Evaluation;
import io.involution.train.EpochOutcome;

/**
 * One epoch as a line of metrics.jsonl.
 *
 * @param type always {@code epoch}
 * @param model the network's name
 * @param epoch from 1
 * @param examples training examples used
 * @param trainLoss running mean over the epoch's minibatches, in nats; null where unknown
 * @param trainAccuracy running mean over the epoch's minibatches; null where unknown
 * @param testLoss mean over all test examples at the epoch's end
 * @param testAccuracy share of all test examples classified rightly at the epoch's end
 * @param testExamples number of test examples
 * @param validationLoss the same over the held-out training examples; null without
 * @param validationAccuracy the same over the held-out training examples; null without
 * @param roundSeconds wall time of the epoch's rounds
 * @param evaluateSeconds wall time of its evaluations
 */
public record EpochRow(
    String type,
    String model,
    int epoch,
    int examples,
    Double trainLoss,
    Double trainAccuracy,
    double testLoss,
    double testAccuracy,
    long testExamples,
    Double validationLoss,
    Double validationAccuracy,
    double roundSeconds,
    double evaluateSeconds) {

  /** The row of an outcome. */
  public static EpochRow of(String model, EpochOutcome outcome) {
    double examples = outcome.examples();
    return new EpochRow(
        "epoch",
        model,
        outcome.epoch(),
        outcome.examples(),
        outcome.training().map(sums -> sums.lossSum() / examples).orElse(null),
        outcome.training().map(sums -> sums.correct() / examples).orElse(null),
        outcome.test().loss(),
        outcome.test().accuracy(),
        outcome.test().examples(),
        outcome.validation().map(Evaluation::loss).orElse(null),
        outcome.validation().map(Evaluation::accuracy).orElse(null),
        outcome.roundSeconds(),
        outcome.evaluateSeconds());
  }
}
