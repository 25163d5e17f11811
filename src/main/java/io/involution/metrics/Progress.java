package io.involution.metrics;

import io.involution.evaluate.Evaluation;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import io.involution.train.RoundOutcome;
import io.involution.train.TrainingPoint;
import io.involution.train.time.Course;
import io.involution.train.time.Position;
import io.involution.train.time.Round;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Shows the progress of training: one line per model that is updated in place on a terminal,
 * occasional plain lines elsewhere, and one permanent line for each epoch.
 */
public final class Progress implements Journal {
  private static final long PLAIN_INTERVAL = Duration.ofSeconds(15).toNanos();
  private static final long LIVE_INTERVAL = Duration.ofMillis(200).toNanos();

  private final String model;
  private final Course course;
  private final PrintStream out;
  private final boolean terminal;

  private Round last;
  private long examples;
  private double lossSum;
  private long correct;
  private long trainedExamples;
  private double trainedSeconds;
  private double evaluateSeconds;
  private long shown;
  private int shownLength;

  /**
   * Creates the progress output of one model's training.
   *
   * @param model the network's name
   * @param course the whole training
   * @param out receives the lines
   * @param terminal whether a line can be updated in place
   */
  public Progress(String model, Course course, PrintStream out, boolean terminal) {
    this.model = model;
    this.course = course;
    this.out = out;
    this.terminal = terminal;
  }

  /** Prints where training resumes, and takes over the sums of the current epoch. */
  public void goOn(TrainingPoint from) {
    if (!from.position().equals(Position.START)) {
      show(model + ": resuming after " + from.position().shown(), true);
    }
    examples = from.sums().examples();
    lossSum = from.sums().lossSum();
    correct = from.sums().correct();
  }

  @Override
  public void roundEnded(Round round, RoundOutcome outcome) {
    examples += outcome.examples();
    lossSum += outcome.lossSum();
    correct += outcome.correct();
    trainedExamples += outcome.examples();
    trainedSeconds += outcome.seconds().total();
    last = round;
  }

  /** Shows the last of the rounds that ended. */
  @Override
  public void reached(TrainingPoint point) {
    long now = System.nanoTime();
    long interval = terminal ? LIVE_INTERVAL : PLAIN_INTERVAL;
    if (point.position().rounds() > 0 && (shown == 0 || now - shown >= interval)) {
      shown = now;
      show(roundLine(last), false);
    }
  }

  @Override
  public void epochEnded(EpochOutcome outcome) {
    if (examples == 0) {
      // The trainer does not report rounds.
      trainedSeconds += outcome.roundSeconds();
      trainedExamples += outcome.examples();
    }
    evaluateSeconds = outcome.evaluateSeconds();
    show(epochLine(outcome), true);
    examples = 0;
    lossSum = 0;
    correct = 0;
  }

  private String roundLine(Round round) {
    return text(
        "%-11s  epoch %2s/%s  round %3d/%d  loss %.4f  accuracy %.4f  %,.0f examples/s  ETA %s",
        model,
        shown(round.epoch()),
        course.epochs().word(),
        round.index(),
        course.roundsIn(round.epoch()),
        lossSum / examples,
        (double) correct / examples,
        examplesPerSecond(),
        Durations.clock(remaining(round)));
  }

  private String epochLine(EpochOutcome outcome) {
    String train =
        outcome
            .training()
            .map(
                sums ->
                    text(
                        "train loss %.4f accuracy %.4f  ",
                        sums.lossSum() / outcome.examples(),
                        (double) sums.correct() / outcome.examples()))
            .orElse("");
    String validation =
        outcome
            .validation()
            .map(set -> text("validation accuracy %.4f  ", set.accuracy()))
            .orElse("");
    String test =
        outcome
            .test()
            .map(
                set ->
                    text(
                        "test loss %.4f accuracy %.4f%s  ", set.loss(), set.accuracy(), plain(set)))
            .orElse("");
    return text(
        "%-11s  epoch %2s/%s  %s%s%s%,.0f examples/s  %s",
        model,
        shown(outcome.epoch()),
        course.epochs().word(),
        train,
        validation,
        test,
        examplesPerSecond(),
        Durations.clock(outcome.roundSeconds() + outcome.evaluateSeconds()));
  }

  private static String plain(Evaluation test) {
    return test.plainAccuracy() == null ? "" : text(" (plain %.4f)", test.plainAccuracy());
  }

  private String shown(int epoch) {
    return EpochRow.shown(epoch, course.epochs().value());
  }

  private double examplesPerSecond() {
    // A resumed run may have nothing left but to evaluate.
    return trainedSeconds > 0 ? trainedExamples / trainedSeconds : 0;
  }

  private double remaining(Round round) {
    int perEpoch = round.stepsPerEpoch();
    long taken = (long) (round.epoch() - 1) * perEpoch + round.lastStep();
    double epochsLeft = (double) (course.steps() - taken) / perEpoch;
    int evaluationsLeft = course.epochs().last() - round.epoch() + 1;
    return epochsLeft * course.plan().examples() / examplesPerSecond()
        + evaluationsLeft * evaluateSeconds;
  }

  private void show(String line, boolean stays) {
    if (!terminal) {
      out.println(line);
      return;
    }
    String blank = " ".repeat(Math.max(0, shownLength - line.length()));
    out.print("\r" + line + blank + (stays ? System.lineSeparator() : ""));
    out.flush();
    shownLength = stays ? 0 : line.length();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
