package io.involution.monitoring;

import java.util.Locale;

/**
 * What the job publishes, by its name in Prometheus. A network's metrics have the labels {@code
 * run} and {@code network}, a worker's also {@code worker}; an executor's have {@code executor} and
 * {@code host}.
 */
enum Metric {
  EPOCHS_DONE(Type.GAUGE, "Epochs of the run that have ended."),
  EPOCHS_PLANNED(Type.GAUGE, "Epochs of the run."),
  ROUNDS_DONE(Type.GAUGE, "Rounds of the run that have ended."),
  ROUNDS_PLANNED(Type.GAUGE, "Rounds of the run."),
  RUN_ATTEMPT(Type.GAUGE, "Which attempt at the run this is, from 1."),
  LAST_PROGRESS_TIMESTAMP_SECONDS(
      Type.GAUGE, "When the last round or evaluation ended, in seconds since 1970."),
  TRAIN_LOSS(Type.GAUGE, "Mean cross-entropy over the last epoch's minibatches, in nats."),
  TRAIN_ACCURACY_RATIO(Type.GAUGE, "Share of the last epoch's examples classified correctly."),
  VALIDATION_LOSS(
      Type.GAUGE, "Mean cross-entropy over the held-out examples after the last epoch, in nats."),
  VALIDATION_ACCURACY_RATIO(
      Type.GAUGE, "Share of the held-out examples classified correctly after the last epoch."),
  TEST_LOSS(Type.GAUGE, "Mean cross-entropy over the test examples after the last epoch, in nats."),
  TEST_ACCURACY_RATIO(
      Type.GAUGE, "Share of the test examples classified correctly after the last epoch."),
  ROUND_LOSS(Type.GAUGE, "Mean cross-entropy over the last round's examples, in nats."),
  ROUND_ACCURACY_RATIO(Type.GAUGE, "Share of the last round's examples classified correctly."),
  ROUND_SKEW_RATIO(
      Type.GAUGE, "Seconds of local steps in the last round: the slowest worker's over the mean."),
  ROUNDS_TOTAL(Type.COUNTER, "Rounds that this attempt trained."),
  EXAMPLES_TOTAL(Type.COUNTER, "Examples that this attempt trained on."),
  ROUND_PHASE_SECONDS_TOTAL(
      Type.COUNTER,
      "Wall time of the rounds by phase: broadcast, workers (the slowest one), collect, average."),
  EVALUATION_SECONDS_TOTAL(Type.COUNTER, "Wall time of the evaluations."),
  TASK_RETRIES_TOTAL(Type.COUNTER, "Workers' tasks that succeeded after a failed attempt."),
  WORKER_EXAMPLES_TOTAL(Type.COUNTER, "Examples that a worker trained on."),
  WORKER_PHASE_SECONDS_TOTAL(
      Type.COUNTER, "A worker's time by phase: receive, load, steps, extract."),
  WORKER_ROUND_LOSS(
      Type.GAUGE, "Mean cross-entropy over a worker's examples of the last round, in nats."),
  EXECUTOR_RESIDENT_MEMORY_BYTES(Type.GAUGE, "Memory that an executor's process uses."),
  EXECUTOR_OFF_HEAP_BYTES(Type.GAUGE, "Memory that JavaCPP and ND4J have allocated off the heap."),
  GPU_MEMORY_USED_BYTES(Type.GAUGE, "Memory in use on an executor's GPU, by any process."),
  GPU_MEMORY_SIZE_BYTES(Type.GAUGE, "Memory of an executor's GPU.");

  private final Type type;
  private final String help;

  Metric(Type type, String help) {
    this.type = type;
    this.help = help;
  }

  /** How Prometheus treats the values. */
  enum Type {
    /** Any value. */
    GAUGE,
    /** A sum that only grows, until the process ends. */
    COUNTER
  }

  /** The name in Prometheus. */
  String title() {
    return "involution_" + name().toLowerCase(Locale.ROOT);
  }

  /** The lines that introduce the values. */
  String header() {
    return String.format(
        Locale.ROOT,
        "# HELP %s %s\n# TYPE %s %s\n",
        title(),
        help,
        title(),
        type.name().toLowerCase(Locale.ROOT));
  }
}
