package io.involution.experiment;

import io.involution.config.TrainOptions;
import io.involution.run.Deadline;
import java.util.function.Consumer;

/** Trains cells. */
public interface CellTrainer {
  /**
   * Determines everything that decides a cell's result.
   *
   * @throws io.involution.failure.InputException when the cell cannot be trained with its options
   */
  CellFacts facts(TrainOptions options);

  /**
   * Trains a cell, or resumes it, until its run is complete. Several threads may call this at the
   * same time.
   *
   * @param cell the cell
   * @param folder the folder for its run
   * @param deadline when to stop at a checkpoint
   * @param lines receives progress messages
   * @throws io.involution.failure.RunStoppedException when it has stopped at a checkpoint
   */
  void train(Cell cell, String folder, Deadline deadline, Consumer<String> lines);

  /** The number of task slots of the cluster now. */
  int slots();

  /**
   * The number of task slots of the cluster once cells wait for them: dynamic allocation adds
   * executors only then. {@link Integer#MAX_VALUE} if their number has no limit.
   */
  int mostSlots();

  /**
   * Whether nothing can be trained any more, because the process is ending or the cluster is gone.
   */
  boolean isClosing();
}
