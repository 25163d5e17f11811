package io.involution.metrics;

import io.involution.train.Place;
import io.involution.train.Round;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerSeconds;

/**
 * One worker's round as a line of metrics.jsonl. Values that a trainer cannot know are null.
 *
 * @param type always {@code worker}
 * @param model the network's name
 * @param epoch from 1
 * @param round from 1
 * @param worker from 0
 * @param examples training examples used
 * @param lossSum sum of their cross-entropies, in nats
 * @param correct how many of them were classified rightly
 * @param seconds where the worker's time went
 * @param bytesReceived size of the model state that it received
 * @param bytesSent size of the model state that it sent back
 * @param host where it ran
 * @param executor the executor's id
 * @param device what computed
 * @param attempt 0 for the task's first attempt
 */
public record WorkerRow(
    String type,
    String model,
    int epoch,
    int round,
    int worker,
    Integer examples,
    Double lossSum,
    Integer correct,
    WorkerSeconds seconds,
    Long bytesReceived,
    Long bytesSent,
    String host,
    String executor,
    String device,
    Integer attempt) {

  /** The row of a report. */
  static WorkerRow of(String model, Round round, WorkerReport report, long bytes) {
    Place place = report.place();
    return new WorkerRow(
        "worker",
        model,
        round.epoch(),
        round.index(),
        report.worker(),
        report.examples(),
        report.lossSum(),
        report.correct(),
        report.seconds(),
        bytes,
        bytes,
        place.host(),
        place.executor(),
        place.device(),
        place.attempt());
  }

  /** The row of a worker of whom only the number of examples is known. */
  static WorkerRow unknown(String model, int epoch, int worker, int examples) {
    return new WorkerRow(
        "worker", model, epoch, 1, worker, examples, null, null, null, null, null, null, null, null,
        null);
  }
}
