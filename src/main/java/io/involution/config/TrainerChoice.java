package io.involution.config;

import io.involution.config.option.Choice;

/** The trainer. */
public enum TrainerChoice implements Choice {
  /** This project's parameter averaging. */
  AVERAGING,
  /** deeplearning4j-spark's own trainer. */
  DL4J_SPARK;

  /** Whether a run that has ended early can go on from its checkpoints. */
  public boolean resumes() {
    return this == AVERAGING;
  }
}
