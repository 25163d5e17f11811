package io.involution.report.run;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A round's row of the metrics.
 *
 * @param epoch from 1
 * @param round from 1, within the epoch
 * @param steps local steps of every worker
 * @param examples training examples of all the workers
 * @param broadcast seconds of making the model state available
 * @param workers seconds from handing out the tasks to having all the updates
 * @param average seconds of what is then left of averaging
 * @param bytesSent size of the model state that every worker received
 * @param bytesReceived size of the model states that came to the driver
 * @param runAttempt the run's attempt, 1 where the row does not say
 */
public record RoundPoint(
    int epoch,
    int round,
    int steps,
    int examples,
    double broadcast,
    double workers,
    double average,
    long bytesSent,
    long bytesReceived,
    int runAttempt) {

  static RoundPoint of(JsonNode row) {
    JsonNode seconds = row.path("seconds");
    return new RoundPoint(
        row.path("epoch").asInt(),
        row.path("round").asInt(),
        row.path("steps").asInt(),
        row.path("examples").asInt(),
        seconds.path("broadcast").asDouble(),
        seconds.path("workers").asDouble(),
        seconds.path("average").asDouble(),
        row.path("bytes_sent").asLong(),
        row.path("bytes_received").asLong(),
        row.path("run_attempt").asInt(1));
  }

  /** Seconds of the whole round. */
  public double seconds() {
    return broadcast + workers + average;
  }
}
