package io.involution.config;

/** Who trains. */
public enum TrainerChoice implements Choice {
  /** This project's parameter averaging. */
  AVERAGING,
  /** deeplearning4j-spark's own trainer. */
  DL4J_SPARK
}
