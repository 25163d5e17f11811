package io.involution.train;

import java.util.List;

/**
 * Is told what happens in training, as it happens: metrics, progress, checkpoints. A journal takes
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
   * After the end of a round or epoch, when every journal has been told of it: training could
   * resume from here.
   */
  default void reached(TrainingPoint point) {}
}
