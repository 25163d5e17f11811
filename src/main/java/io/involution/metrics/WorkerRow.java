package io.involution.metrics;

import io.involution.train.Place;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerSeconds;
import io.involution.train.time.Round;

/**
 * One worker's round. Values that a trainer does not report are null.
 *
 * @param model the network's name
 * @param epoch from 1
 * @param round from 1, within the epoch
 * @param worker from 0
 * @param examples training examples used
 * @param lossSum sum of their cross-entropies, in nats
 * @param correct how many of them were classified correctly
 * @param seconds where the worker's time went
 * @param bytesReceived size of the model state that it received
 * @param bytesSent size of the model state that it sent back
 * @param host where it ran
 * @param executor the executor's ID
 * @param device what computed: {@code cpu}, or {@code gpu:} followed by the GPU's number on the
 *     host
 * @param attempt 0 for the task's first attempt
 */
public record WorkerRow(
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
    Integer attempt)
    implements MetricsRow {

  /** The row of a report. */
  static WorkerRow of(String model, Round round, WorkerReport report, long bytes) {
    Place place = report.place();
    return new WorkerRow(
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

  /** The row of a worker of which only the number of examples is known. */
  static WorkerRow unknown(String model, int epoch, int worker, int examples) {
    return new WorkerRow(
        model, epoch, 1, worker, examples, null, null, null, null, null, null, null, null, null);
  }

  /** Whether the trainer reported times and places. */
  public boolean timed() {
    return seconds != null;
  }

  /** Whether an earlier attempt of the task failed. */
  public boolean retried() {
    return attempt != null && attempt > 0;
  }
}
