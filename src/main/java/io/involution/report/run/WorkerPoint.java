package io.involution.report.run;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A worker's row of the metrics.
 *
 * @param epoch from 1
 * @param round from 1, within the epoch
 * @param worker from 0
 * @param examples training examples used
 * @param timed whether the trainer told where the worker's time went and where it ran
 * @param receive seconds of fetching the model state
 * @param copy seconds of copying it into the network and out of it
 * @param steps seconds of local steps
 * @param host where it ran
 * @param executor the executor's id
 * @param device what computed
 * @param attempt 0 for the task's first attempt
 */
public record WorkerPoint(
    int epoch,
    int round,
    int worker,
    int examples,
    boolean timed,
    double receive,
    double copy,
    double steps,
    String host,
    String executor,
    String device,
    int attempt) {

  static WorkerPoint of(JsonNode row) {
    JsonNode seconds = row.path("seconds");
    return new WorkerPoint(
        row.path("epoch").asInt(),
        row.path("round").asInt(),
        row.path("worker").asInt(),
        row.path("examples").asInt(),
        seconds.isObject(),
        seconds.path("receive").asDouble(),
        seconds.path("load").asDouble() + seconds.path("extract").asDouble(),
        seconds.path("steps").asDouble(),
        row.path("host").asText("unknown"),
        row.path("executor").asText("unknown"),
        row.path("device").asText("unknown"),
        row.path("attempt").asInt());
  }

  /** Seconds of the worker's whole round. */
  public double seconds() {
    return receive + copy + steps;
  }
}
