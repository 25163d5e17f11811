package io.involution.metrics;

import io.involution.train.RoundOutcome;
import io.involution.train.RoundSeconds;
import io.involution.train.time.Round;
import java.util.Objects;

/**
 * One round as the driver saw it.
 *
 * @param model the network's name
 * @param epoch from 1
 * @param round from 1, within the epoch
 * @param steps local steps of every worker
 * @param examples training examples of all the workers
 * @param seconds where the driver's time went
 * @param skew local-step time of the slowest worker divided by the average over the workers
 * @param slowestWorker that worker
 * @param slowestHost its host
 * @param bytesSent size of the model state that every worker received
 * @param bytesReceived size of the model states that came to the driver
 * @param runAttempt the run's attempt, from 1: if it is higher than the previous round's, the run
 *     was resumed in between
 */
public record RoundRow(
    String model,
    int epoch,
    int round,
    int steps,
    int examples,
    RoundSeconds seconds,
    double skew,
    int slowestWorker,
    String slowestHost,
    long bytesSent,
    long bytesReceived,
    int runAttempt)
    implements MetricsRow {

  /** Requires times; a run that does not number its attempts has one. */
  public RoundRow {
    Objects.requireNonNull(seconds, "a round has its times");
    runAttempt = Math.max(1, runAttempt);
  }

  /** The row of an outcome. */
  static RoundRow of(String model, Round round, RoundOutcome outcome, int runAttempt) {
    return new RoundRow(
        model,
        round.epoch(),
        round.index(),
        round.steps(),
        outcome.examples(),
        outcome.seconds(),
        Straggler.skew(outcome.stepSeconds()),
        outcome.slowest().worker(),
        outcome.slowest().place().host(),
        outcome.bytesSent(),
        outcome.bytesReceived(),
        runAttempt);
  }
}
