package io.involution.api;

import io.involution.metrics.EpochRow;

/**
 * One epoch of a network's training.
 *
 * @param epoch from 1
 * @param trainLoss mean cross-entropy over the epoch's minibatches, in nats; null if unknown
 * @param trainAccuracy share of the epoch's examples classified correctly; null if unknown
 * @param testLoss mean cross-entropy over the test examples at its end, in nats; null if they were
 *     not evaluated
 * @param testAccuracy share of the test examples classified correctly at its end; null if they were
 *     not evaluated
 * @param validationAccuracy the same of the held-out examples; null if there are none
 * @param seconds wall time of its rounds and evaluations
 */
public record Epoch(
    int epoch,
    Double trainLoss,
    Double trainAccuracy,
    Double testLoss,
    Double testAccuracy,
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
