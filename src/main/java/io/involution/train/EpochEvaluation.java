package io.involution.train;

import io.involution.evaluate.Evaluation;
import io.involution.model.state.ModelState;
import io.involution.train.EpochOutcome.TrainingSums;
import io.involution.train.Workers.EvaluationSet;
import java.util.Optional;

/**
 * Evaluates the model at the end of an epoch, for both trainers.
 *
 * @param workers the workers that evaluate it
 * @param validate whether training examples are held out for validation
 */
public record EpochEvaluation(Workers workers, boolean validate) {
  /**
   * Evaluates on the test examples, and on the held-out training examples if there are any.
   *
   * @param epoch from 1
   * @param training running sums over the epoch's minibatches; empty if the trainer has none
   * @param examples training examples used
   * @param roundSeconds wall time of the epoch's rounds
   * @param state model state at the end of the epoch
   */
  public EpochOutcome outcome(
      int epoch,
      Optional<TrainingSums> training,
      int examples,
      double roundSeconds,
      ModelState state) {
    long start = System.nanoTime();
    Evaluation test = workers.evaluate(EvaluationSet.TEST, state);
    Optional<Evaluation> validation =
        validate
            ? Optional.of(workers.evaluate(EvaluationSet.VALIDATION, state))
            : Optional.empty();
    double evaluateSeconds = (System.nanoTime() - start) / 1e9;
    return new EpochOutcome(
        epoch, training, examples, test, validation, state, roundSeconds, evaluateSeconds);
  }
}
