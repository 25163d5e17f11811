package io.involution.monitoring;

import io.involution.metrics.Straggler;
import io.involution.train.Round;
import io.involution.train.RoundOutcome;
import io.involution.train.RoundSeconds;

/**
 * A round's metrics without its model state, which must not be kept.
 *
 * @param round the round
 * @param loss average cross-entropy of its examples, in nats
 * @param accuracy share of its examples that were classified correctly
 * @param examplesPerSecond examples of all workers divided by the round's wall time
 * @param seconds how the driver's time was spent
 * @param collect the tasks' time beyond the slowest worker: scheduling, serializing, collecting
 * @param skew local-step time of the slowest worker divided by the average over the workers
 * @param slowest that worker
 */
record RoundMetrics(
    Round round,
    double loss,
    double accuracy,
    double examplesPerSecond,
    RoundSeconds seconds,
    double collect,
    double skew,
    int slowest) {

  static RoundMetrics of(Round round, RoundOutcome outcome) {
    double examples = outcome.examples();
    double longest =
        outcome.reports().stream()
            .mapToDouble(report -> report.seconds().total())
            .max()
            .orElse(Double.NaN);
    return new RoundMetrics(
        round,
        outcome.lossSum() / examples,
        outcome.correct() / examples,
        examples / outcome.seconds().total(),
        outcome.seconds(),
        outcome.seconds().workers() - longest,
        Straggler.skew(outcome.stepSeconds()),
        outcome.slowest().worker());
  }
}
