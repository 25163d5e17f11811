package io.involution.driver.journal;

import io.involution.config.value.CheckpointCadence;
import io.involution.failure.RunStoppedException;
import io.involution.metrics.MetricsJournal;
import io.involution.run.Checkpoint;
import io.involution.run.Checkpoints;
import io.involution.run.Deadline;
import io.involution.train.Journal;
import io.involution.train.TrainingPoint;
import io.involution.train.time.Course;
import io.involution.train.time.Ending;
import io.involution.train.time.EpochPlan;
import io.involution.train.time.Position;
import java.util.Locale;

/** Writes checkpoints as often as the user wants, and measures how long they take. */
public final class CheckpointKeeper implements Journal {
  private final Checkpoints checkpoints;
  private final MetricsJournal metrics;
  private final CheckpointCadence cadence;
  private final Course course;
  private final Ending ending;
  private final Deadline deadline;

  private final long begin = System.nanoTime();
  private long nanos;
  private int written;

  /**
   * How often checkpoints are written.
   *
   * @param cadence in epochs or rounds
   * @param plan how an epoch is divided into rounds
   */
  public record Rhythm(CheckpointCadence cadence, EpochPlan plan) {}

  /**
   * Keeps the checkpoints of one model.
   *
   * @param checkpoints where they go
   * @param metrics whose rows so far belong to a checkpoint
   * @param rhythm how often
   * @param ending the last epoch, after which there is always one
   * @param deadline when training stops, with a checkpoint
   */
  public CheckpointKeeper(
      Checkpoints checkpoints,
      MetricsJournal metrics,
      Rhythm rhythm,
      Ending ending,
      Deadline deadline) {
    this.checkpoints = checkpoints;
    this.metrics = metrics;
    this.cadence = rhythm.cadence();
    this.course = new Course(rhythm.plan(), ending.epochs());
    this.ending = ending;
    this.deadline = deadline;
  }

  @Override
  public boolean needs(Position position) {
    return isDue(position);
  }

  @Override
  public void reached(TrainingPoint point) {
    boolean stop = deadline.isOver() && !isLast(point.position());
    if (stop || isDue(point.position())) {
      save(point);
    }
    if (stop) {
      throw new RunStoppedException(
          String.format(
              Locale.ROOT,
              "stopped: the time limit was reached after %s; run the same command with --resume to"
                  + " continue",
              point.position().shown()));
    }
  }

  private void save(TrainingPoint point) {
    long start = System.nanoTime();
    checkpoints.save(new Checkpoint(point, metrics.rows(), metrics.parts()));
    nanos += System.nanoTime() - start;
    written++;
  }

  private boolean isDue(Position position) {
    if (position.rounds() > 0) {
      return isLast(position)
          || cadence.dueAfterRound(course.roundsUntil(position.epochs()) + position.rounds());
    }
    // After an epoch that was cut short there is none: a longer run goes on within that epoch.
    boolean afterCut = course.isCut() && position.epochs() == course.epochs().last();
    return !afterCut && (isLast(position) || cadence.dueAfterEpoch(position.epochs()));
  }

  private boolean isLast(Position position) {
    return position.rounds() == 0 ? ending.isAfter(position.epochs()) : course.isAtCut(position);
  }

  /** A line that says what share of the time since this was created the checkpoints took. */
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
