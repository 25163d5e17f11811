package io.involution.train;

import io.involution.model.state.ModelState;
import io.involution.train.EpochEvaluation.Trained;
import io.involution.train.EpochOutcome.TrainingSums;
import java.util.List;
import java.util.Optional;

/**
 * The driver's side of training, as a whole: rounds of local steps, an average after each, an
 * evaluation after each epoch.
 */
public final class TrainingLoop {
  private final Workers workers;
  private final EpochPlan plan;
  private final OuterStep outerStep;
  private final EpochEvaluation evaluation;
  private final Divergence divergence;

  /**
   * Sets the loop up.
   *
   * @param model the network's name, for error lines
   * @param workers who takes the local steps
   * @param plan how an epoch is cut into rounds
   * @param outerStep what becomes of a round's mean
   * @param validate whether training examples are held out for validation
   */
  public TrainingLoop(
      String model, Workers workers, EpochPlan plan, OuterStep outerStep, boolean validate) {
    this.workers = workers;
    this.plan = plan;
    this.outerStep = outerStep;
    this.evaluation = new EpochEvaluation(workers, validate);
    this.divergence = new Divergence(model);
  }

  /**
   * Trains from a point on.
   *
   * @param from where to begin or to go on
   * @param lastEpoch last epoch to train, inclusive
   * @param journal told of every round and epoch
   * @return model state at the end of the last epoch
   * @throws DivergenceException when a loss or a parameter is no finite number
   */
  public ModelState run(TrainingPoint from, int lastEpoch, Journal journal) {
    TrainingPoint point = from;
    while (point.position().epochs() < lastEpoch) {
      point = epoch(point, journal);
    }
    return point.state();
  }

  /** Trains the rest of an epoch and evaluates. */
  private TrainingPoint epoch(TrainingPoint from, Journal journal) {
    int epoch = from.position().epochs() + 1;
    ModelState state = from.state();
    EpochSums sums = from.sums();
    List<Round> rounds = plan.rounds(epoch);
    for (Round round : rounds.subList(from.position().rounds(), rounds.size())) {
      long begin = System.nanoTime();
      RoundOutcome outcome = workers.run(round, state);
      divergence.check(round, outcome);
      state = outerStep.next(state, outcome.mean());
      journal.roundEnded(round, outcome);
      sums = sums.plus(outcome, (System.nanoTime() - begin) / 1e9);
      journal.reached(new TrainingPoint(new Position(epoch - 1, round.index()), sums, state));
    }
    TrainingSums training = new TrainingSums(sums.lossSum(), sums.correct());
    EpochOutcome outcome =
        evaluation.outcome(
            new Trained(epoch, Optional.of(training), sums.examples(), sums.seconds()), state);
    divergence.check(outcome);
    journal.epochEnded(outcome);
    TrainingPoint end = TrainingPoint.after(epoch, state);
    journal.reached(end);
    return end;
  }
}
