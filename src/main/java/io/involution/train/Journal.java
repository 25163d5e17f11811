package io.involution.train;

import io.involution.train.time.Position;
import io.involution.train.time.Round;
import java.util.List;

/**
 * Receives the events of training as they happen: metrics, progress, checkpoints. Each journal uses
 * what it needs and ignores the rest.
 */
public interface Journal {
  /** A round has been averaged. */
  default void roundEnded(Round round, RoundOutcome outcome) {}

  /** An epoch has been evaluated. */
  default void epochEnded(EpochOutcome outcome) {}

  /**
   * A trainer that does not report single workers has trained an epoch.
   *
   * @param epoch from 1
   * @param examples the number of examples of each worker
   */
  default void workersUnknown(int epoch, List<Integer> examples) {}

  /**
   * Whether this journal does something with the model state at a position within an epoch. Other
   * rounds of a single worker may be taken without the driver in between.
   */
  default boolean needs(Position position) {
    return false;
  }

  /**
   * Called after the end of an epoch, and of a round unless a single worker took the next ones at
   * once, when every journal has received it: training could be resumed from here.
   */
  default void reached(TrainingPoint point) {}
}
