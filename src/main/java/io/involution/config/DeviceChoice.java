package io.involution.config;

/** What workers compute on. */
public enum DeviceChoice implements Choice {
  /** A GPU where Spark assigned one to the task and the job jar can use it, else the CPU. */
  AUTO,
  /** The CPU. */
  CPU,
  /** A GPU; an error if there is none. */
  GPU
}
