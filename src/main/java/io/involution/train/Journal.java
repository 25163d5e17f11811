package io.involution.train;

/** Who is told what happens in training, as it happens: metrics, progress, checkpoints. */
public interface Journal {
  /** A round has been averaged. */
  void roundEnded(Round round, RoundOutcome outcome);

  /** An epoch has been evaluated. */
  void epochEnded(EpochOutcome outcome);

  /** After either, when all journals have been told of it: training could go on from here. */
  default void reached(TrainingPoint point) {}
}
