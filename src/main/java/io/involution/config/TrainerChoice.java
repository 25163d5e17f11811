package io.involution.config;

/** Who trains. */
public enum TrainerChoice {
  /** This project's parameter averaging. */
  AVERAGING,
  /** deeplearning4j-spark's own trainer. */
  DL4J_SPARK;

  /** The word that the option takes. */
  public String word() {
    return Choice.word(this);
  }
}
