package io.involution.config;

/** The trainer. */
public enum TrainerChoice implements Choice {
  /** This project's parameter averaging. */
  AVERAGING,
  /** deeplearning4j-spark's own trainer. */
  DL4J_SPARK
}
