package io.involution.soak;

import java.util.Arrays;
import java.util.Locale;

/** A moment of a run at which an executor dies, told by what its threads are doing. */
enum KillPoint {
  /** A task is fetching its code or the round's model state, which may be a part of it. */
  BROADCAST("org.apache.spark.scheduler.ResultTask", "org.apache.spark.broadcast.TorrentBroadcast"),
  /** A worker is in the middle of a local step. */
  STEP("io.involution.train.Dl4jEngine", "org.deeplearning4j.nn.graph.ComputationGraph"),
  /** A worker's update is computed and not yet sent; told by Spark, not by a stack. */
  UPDATE("", ""),
  /** A worker is evaluating its test examples. */
  EVALUATION("io.involution.evaluate.Evaluator", "org.deeplearning4j.nn.graph.ComputationGraph"),
  /** The driver is writing a checkpoint; told by its file system, not by a stack. */
  CHECKPOINT("", "");

  private final String caller;
  private final String callee;

  KillPoint(String caller, String callee) {
    this.caller = caller;
    this.callee = callee;
  }

  /** The point's name in configurations and of its mark. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is told by what a thread is doing. */
  boolean isSeenInStacks() {
    return !caller.isEmpty();
  }

  /** Whether a thread is there. */
  boolean isIn(StackTraceElement[] stack) {
    return calls(stack, caller) && calls(stack, callee);
  }

  private static boolean calls(StackTraceElement[] stack, String type) {
    return Arrays.stream(stack).anyMatch(frame -> frame.getClassName().equals(type));
  }
}
