package io.involution.train;

/**
 * Is told what happens in training, as it happens: metrics, progress, checkpoints. A journal takes
 * what it needs and ignores the rest.
 */
public interface Journal {
  /** A round has been averaged. */
  default void roundEnded(Round round, RoundOutcome outcome) {}

  /** An epoch has been evaluated. */
  default void epochEnded(EpochOutcome outcome) {}

  /** After either, when every journal has been told of it: training could resume from here. */
  default void reached(TrainingPoint point) {}
}
