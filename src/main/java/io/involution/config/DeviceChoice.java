package io.involution.config;

import io.involution.config.option.Choice;

/** The device that workers compute on. */
public enum DeviceChoice implements Choice {
  /** A GPU if Spark assigned one to the task and the job jar can use it, otherwise the CPU. */
  AUTO,
  /** The CPU. */
  CPU,
  /** A GPU; an error if there is none. */
  GPU
}
