package io.involution.metrics;

import io.involution.train.Round;
import io.involution.train.RoundOutcome;
import io.involution.train.RoundSeconds;

/**
 * One round, as the driver saw it, as a line of metrics.jsonl.
 *
 * @param type always {@code round}
 * @param model the network's name
 * @param epoch from 1
 * @param round from 1
 * @param steps local steps of every worker
 * @param examples training examples of all the workers
 * @param seconds where the driver's time went
 * @param skew local steps' time of the slowest worker over that of the mean one
 * @param slowestWorker that worker
 * @param slowestHost where it ran
 * @param bytesSent size of the model state that every worker received
 * @param bytesReceived size of the model states that came to the driver
 * @param runAttempt the run's attempt: more than the round before has it, and the run was resumed
 */
public record RoundRow(
    String type,
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
    int runAttempt) {

  /** The row of an outcome. */
  static RoundRow of(String model, Round round, RoundOutcome outcome, int runAttempt) {
    return new RoundRow(
        "round",
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
