package io.involution.train;

import io.involution.model.state.ModelState;
import io.involution.train.EpochEvaluation.Trained;
import io.involution.train.EpochOutcome.TrainingSums;
import io.involution.train.outer.OuterStep;
import io.involution.train.time.Course;
import io.involution.train.time.Ending;
import io.involution.train.time.EpochPlan;
import io.involution.train.time.Round;
import java.util.List;
import java.util.Optional;

/**
 * The driver's side of training: rounds of local steps, an average after each, and an evaluation
 * after each epoch.
 */
public final class TrainingLoop {
  private final String model;
  private final Workers workers;
  private final EpochPlan plan;
  private final OuterStep outerStep;
  private final EpochEvaluation evaluation;
  private final Pace pace = new Pace();

  /**
   * Sets up the loop.
   *
   * @param model the network's name, for error messages
   * @param plan how an epoch is divided into rounds
   * @param outerStep how the averaged model is applied
   * @param evaluation evaluates the model after each epoch, with the workers that take the steps
   */
  public TrainingLoop(
      String model, EpochPlan plan, OuterStep outerStep, EpochEvaluation evaluation) {
    this.model = model;
    this.workers = evaluation.workers();
    this.plan = plan;
    this.outerStep = outerStep;
    this.evaluation = evaluation;
  }

  /**
   * Trains, starting from a given point.
   *
   * @param from where to start or resume
   * @param ending when training ends; knows the epochs before that point
   * @param journal receives every round and epoch
   * @return the end of the last epoch
   * @throws DivergenceException when a loss or parameter becomes NaN or infinite
   */
  public TrainingPoint run(TrainingPoint from, Ending ending, Journal journal) {
    TrainingPoint point = from;
    while (!ending.isAfter(point.position().epochs())) {
      point = epoch(point, ending, journal);
    }
    return point;
  }

  /** How many of the rounds that are left of an epoch are taken at once. */
  private int stretch(List<Round> left, Course course, Journal journal) {
    if (outerStep != OuterStep.AVERAGE || !workers.goOnAlone()) {
      return 1;
    }
    int most = Math.min(left.size(), pace.rounds());
    int count = 1;
    while (count < most && !journal.needs(course.after(left.get(count - 1)))) {
      count++;
    }
    return count;
  }

  /** Trains the rest of an epoch and evaluates the model. */
  private TrainingPoint epoch(TrainingPoint from, Ending ending, Journal journal) {
    int epoch = from.position().epochs() + 1;
    ModelState state = from.state();
    EpochSums sums = from.sums();
    Course course = new Course(plan, ending.epochs());
    List<Round> left = course.rounds(from.position());
    while (!left.isEmpty()) {
      long begin = System.nanoTime();
      List<Round> rounds = left.subList(0, stretch(left, course, journal));
      Round last = rounds.get(rounds.size() - 1);
      Stretch taken = workers.run(rounds, state);
      DivergenceException.check(model, last, taken.mean());
      state = outerStep.next(state, taken.mean());
      for (int i = 0; i < rounds.size(); i++) {
        journal.roundEnded(rounds.get(i), taken.outcomes().get(i));
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      sums = sums.plus(taken, seconds);
      pace.took(rounds.size(), seconds);
      journal.reached(new TrainingPoint(course.after(last), sums, state));
      left = left.subList(rounds.size(), left.size());
    }
    TrainingSums training = new TrainingSums(sums.lossSum(), sums.correct());
    EpochOutcome outcome =
        evaluation.outcome(
            new Trained(
                epoch, Optional.of(training), sums.examples(), sums.seconds(), state.averaged()),
            ending);
    DivergenceException.check(model, outcome);
    journal.epochEnded(outcome);
    TrainingPoint end = TrainingPoint.after(epoch, state);
    journal.reached(end);
    return end;
  }
}
