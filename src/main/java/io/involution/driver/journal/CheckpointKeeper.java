package io.involution.driver.journal;

import io.involution.config.CheckpointCadence;
import io.involution.failure.RunStoppedException;
import io.involution.metrics.MetricsJournal;
import io.involution.run.Checkpoint;
import io.involution.run.Checkpoints;
import io.involution.run.Deadline;
import io.involution.train.EpochPlan;
import io.involution.train.Journal;
import io.involution.train.Position;
import io.involution.train.TrainingPoint;
import java.util.Locale;

/** Writes checkpoints as often as the user wants, and knows what they cost. */
public final class CheckpointKeeper implements Journal {
  private final Checkpoints checkpoints;
  private final MetricsJournal metrics;
  private final CheckpointCadence cadence;
  private final EpochPlan plan;
  private final int lastEpoch;
  private final Deadline deadline;

  private final long begin = System.nanoTime();
  private long nanos;
  private int written;

  /**
   * Keeps the checkpoints of one model.
   *
   * @param checkpoints where they go
   * @param metrics whose rows belong to them
   * @param cadence how often
   * @param plan how an epoch is cut into rounds
   * @param lastEpoch after which there is always one
   * @param deadline after which the training stops, with a checkpoint
   */
  public CheckpointKeeper(
      Checkpoints checkpoints,
      MetricsJournal metrics,
      CheckpointCadence cadence,
      EpochPlan plan,
      int lastEpoch,
      Deadline deadline) {
    this.checkpoints = checkpoints;
    this.metrics = metrics;
    this.cadence = cadence;
    this.plan = plan;
    this.lastEpoch = lastEpoch;
    this.deadline = deadline;
  }

  @Override
  public void reached(TrainingPoint point) {
    boolean stop = deadline.isOver() && point.position().epochs() < lastEpoch;
    if (stop || isDue(point.position())) {
      save(point);
    }
    if (stop) {
      throw new RunStoppedException(
          "stopped: the time limit is over after %s; the same command with --resume goes on"
              .formatted(point.position().shown()));
    }
  }

  private void save(TrainingPoint point) {
    long start = System.nanoTime();
    checkpoints.save(new Checkpoint(point, metrics.rows(), metrics.parts()));
    nanos += System.nanoTime() - start;
    written++;
  }

  private boolean isDue(Position position) {
    return position.rounds() == 0
        ? cadence.dueAfterEpoch(position.epochs(), lastEpoch)
        : cadence.dueAfterRound(plan.roundsUntil(position.epochs()) + position.rounds());
  }

  /** What they took of the time since this was made, as a line for people. */
  public String cost() {
    double share = 100.0 * nanos / (System.nanoTime() - begin);
    return String.format(
        Locale.ROOT,
        "%d checkpoints took %.2f s, %.2f %% of the time",
        written,
        nanos / 1e9,
        share);
  }
}
