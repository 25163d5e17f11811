package io.involution.api;

import io.involution.metrics.EpochRow;

/**
 * One epoch of a network's training.
 *
 * @param epoch from 1
 * @param trainLoss mean cross-entropy over the epoch's minibatches, in nats; null if unknown
 * @param trainAccuracy share of the epoch's examples classified correctly; null if unknown
 * @param testLoss mean cross-entropy over the test examples at its end, in nats
 * @param testAccuracy share of the test examples classified correctly at its end
 * @param validationAccuracy the same of the held-out examples; null if there are none
 * @param seconds wall time of its rounds and evaluations
 */
public record Epoch(
    int epoch,
    Double trainLoss,
    Double trainAccuracy,
    double testLoss,
    double testAccuracy,
    Double validationAccuracy,
    double seconds) {

  static Epoch of(EpochRow row) {
    return new Epoch(
        row.epoch(),
        row.trainLoss(),
        row.trainAccuracy(),
        row.testLoss(),
        row.testAccuracy(),
        row.validationAccuracy(),
        row.seconds());
  }
}
