package io.involution.train;

import io.involution.config.value.EvaluationCadence;
import io.involution.evaluate.Evaluation;
import io.involution.model.state.ModelState;
import io.involution.train.EpochOutcome.TrainingSums;
import io.involution.train.Workers.EvaluationSet;
import io.involution.train.time.Ending;
import java.util.Optional;

/**
 * Evaluates the model at the end of an epoch, for both trainers.
 *
 * @param workers the workers that evaluate it
 * @param validate whether training examples are held out for validation
 * @param cadence after which epochs the test examples are evaluated, besides the last
 */
public record EpochEvaluation(Workers workers, boolean validate, EvaluationCadence cadence) {
  /**
   * An epoch that has been trained.
   *
   * @param epoch from 1
   * @param training running sums over the epoch's minibatches; empty if the trainer has none
   * @param examples training examples used
   * @param roundSeconds wall time of the epoch's rounds
   * @param state model state at the end of the epoch
   */
  public record Trained(
      int epoch,
      Optional<TrainingSums> training,
      int examples,
      double roundSeconds,
      ModelState state) {}

  /**
   * Evaluates on the held-out training examples if there are any, which may make the epoch the last
   * one, and on the test examples if it is, or if they are due.
   *
   * @param trained the epoch
   * @param ending when training ends; is told of this epoch
   */
  public EpochOutcome outcome(Trained trained, Ending ending) {
    long start = System.nanoTime();
    int epoch = trained.epoch();
    Optional<Evaluation> validation =
        validate
            ? Optional.of(workers.evaluate(EvaluationSet.VALIDATION, trained.state()))
            : Optional.empty();
    validation.ifPresent(held -> ending.saw(epoch, held.accuracy()));
    Optional<Evaluation> test =
        cadence.isDueAfter(epoch) || ending.isAfter(epoch)
            ? Optional.of(workers.evaluate(EvaluationSet.TEST, trained.state()))
            : Optional.empty();
    double evaluateSeconds = (System.nanoTime() - start) / 1e9;
    return new EpochOutcome(
        epoch,
        trained.training(),
        trained.examples(),
        test,
        validation,
        trained.state(),
        trained.roundSeconds(),
        evaluateSeconds);
  }
}
