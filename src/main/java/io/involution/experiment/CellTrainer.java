package io.involution.experiment;

import io.involution.config.TrainOptions;
import io.involution.run.Deadline;
import java.util.function.Consumer;

/** Who knows how to train a cell. */
public interface CellTrainer {
  /**
   * Finds out what decides a cell's result.
   *
   * @throws io.involution.failure.InputException when it cannot be trained as its options say
   */
  CellFacts facts(TrainOptions options);

  /**
   * Trains a cell, or goes on with it, until its run is complete. Several threads may do so at
   * once.
   *
   * @param cell which one
   * @param folder where its run belongs
   * @param deadline when to stop at a checkpoint
   * @param lines told how it goes
   * @throws io.involution.failure.RunStoppedException when it has stopped at a checkpoint
   */
  void train(Cell cell, String folder, Deadline deadline, Consumer<String> lines);

  /** Task slots of the cluster. */
  int slots();

  /** Whether nothing can be trained any more: the process ends, or the cluster is gone. */
  boolean isClosing();
}
