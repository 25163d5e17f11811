package io.involution.train;

import io.involution.evaluate.Evaluation;
import io.involution.model.state.ModelState;
import java.util.Optional;

/**
 * The result of an epoch.
 *
 * @param epoch from 1
 * @param training running sums over the epoch's minibatches; empty if the trainer has none
 * @param examples training examples used
 * @param test the model on the test examples, if they were evaluated
 * @param validation the model on the held-out training examples, if there are any
 * @param state model state at the epoch's end
 * @param roundSeconds wall time of the epoch's rounds
 * @param evaluateSeconds wall time of its evaluations
 */
public record EpochOutcome(
    int epoch,
    Optional<TrainingSums> training,
    int examples,
    Optional<Evaluation> test,
    Optional<Evaluation> validation,
    ModelState state,
    double roundSeconds,
    double evaluateSeconds) {

  /**
   * Running sums over an epoch's minibatches, each at the time of its local step.
   *
   * @param lossSum sum of cross-entropies, in nats
   * @param correct examples classified correctly
   */
  public record TrainingSums(double lossSum, long correct) {}
}
