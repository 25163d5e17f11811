package io.involution.train;

import io.involution.model.ModelState;
import io.involution.train.EpochEvaluation.Trained;
import io.involution.train.EpochOutcome.TrainingSums;
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

  /**
   * Sets the loop up.
   *
   * @param workers who takes the local steps
   * @param plan how an epoch is cut into rounds
   * @param outerStep what becomes of a round's mean
   * @param validate whether training examples are held out for validation
   */
  public TrainingLoop(Workers workers, EpochPlan plan, OuterStep outerStep, boolean validate) {
    this.workers = workers;
    this.plan = plan;
    this.outerStep = outerStep;
    this.evaluation = new EpochEvaluation(workers, validate);
  }

  /**
   * Trains from one epoch to another.
   *
   * @param initial model state at the start of the first epoch
   * @param firstEpoch first epoch to train, from 1
   * @param lastEpoch last epoch to train, inclusive
   * @param journal told of every round and epoch
   * @return model state at the end of the last epoch
   * @throws DivergenceException when a loss or a parameter is no finite number
   */
  public ModelState run(ModelState initial, int firstEpoch, int lastEpoch, Journal journal) {
    ModelState state = initial;
    for (int epoch = firstEpoch; epoch <= lastEpoch; epoch++) {
      EpochTotals totals = new EpochTotals();
      long start = System.nanoTime();
      for (Round round : plan.rounds(epoch)) {
        RoundOutcome outcome = workers.run(round, state);
        Divergence.check(round, outcome);
        state = outerStep.next(state, outcome.mean());
        totals.add(outcome);
        journal.roundEnded(round, outcome);
      }
      double roundSeconds = (System.nanoTime() - start) / 1e9;
      journal.epochEnded(evaluation.outcome(totals.of(epoch, roundSeconds), state));
    }
    return state;
  }

  /** Sums over the rounds of an epoch. */
  private static final class EpochTotals {
    private double lossSum;
    private long correct;
    private int examples;

    private void add(RoundOutcome outcome) {
      lossSum += outcome.lossSum();
      correct += outcome.correct();
      examples += outcome.examples();
    }

    private Trained of(int epoch, double roundSeconds) {
      TrainingSums sums = new TrainingSums(lossSum, correct);
      return new Trained(epoch, Optional.of(sums), examples, roundSeconds);
    }
  }
}
