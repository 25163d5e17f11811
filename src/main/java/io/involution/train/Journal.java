package io.involution.train;

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
   * Called after the end of a round or epoch, once every journal has received it: training could be
   * resumed from here.
   */
  default void reached(TrainingPoint point) {}
}
