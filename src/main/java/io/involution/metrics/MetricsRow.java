package io.involution.metrics;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A line of {@code metrics.jsonl}; its {@code type} says which one. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "worker", value = WorkerRow.class),
  @JsonSubTypes.Type(name = "round", value = RoundRow.class),
  @JsonSubTypes.Type(name = "epoch", value = EpochRow.class)
})
public sealed interface MetricsRow permits WorkerRow, RoundRow, EpochRow {
  /** The network's name. */
  String model();

  /** The epoch, from 1. */
  int epoch();
}
