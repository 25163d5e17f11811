package io.involution.train;

import io.involution.evaluate.Evaluation;
import io.involution.model.state.ModelState;
import io.involution.train.EpochOutcome.TrainingSums;
import io.involution.train.Workers.EvaluationSet;
import java.util.Optional;

/**
 * Evaluates the model at an epoch's end, whoever trained it.
 *
 * @param workers who evaluates
 * @param validate whether training examples are held out for validation
 */
public record EpochEvaluation(Workers workers, boolean validate) {

  /**
   * What a trainer knows of the epoch that it ended.
   *
   * @param epoch from 1
   * @param training running sums over the epoch's minibatches; empty where it cannot know
   * @param examples training examples used
   * @param roundSeconds wall time of the epoch's rounds
   */
  public record Trained(
      int epoch, Optional<TrainingSums> training, int examples, double roundSeconds) {}

  /** Evaluates on the test examples, and on those held out where there are any. */
  public EpochOutcome outcome(Trained trained, ModelState state) {
    long start = System.nanoTime();
    Evaluation test = workers.evaluate(EvaluationSet.TEST, state);
    Optional<Evaluation> validation =
        validate
            ? Optional.of(workers.evaluate(EvaluationSet.VALIDATION, state))
            : Optional.empty();
    return new EpochOutcome(
        trained.epoch(),
        trained.training(),
        trained.examples(),
        test,
        validation,
        state,
        trained.roundSeconds(),
        (System.nanoTime() - start) / 1e9);
  }
}
