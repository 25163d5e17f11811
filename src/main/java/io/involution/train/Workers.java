package io.involution.train;

import io.involution.evaluate.Evaluation;
import io.involution.model.state.ModelState;
import io.involution.train.time.Round;

/** The workers as the training loop sees them: they own the shards and take the local steps. */
public interface Workers {
  /**
   * Makes every worker take the local steps of a round, and averages their updates.
   *
   * @param round the steps
   * @param start model state that every worker starts from
   */
  RoundOutcome run(Round round, ModelState start);

  /**
   * Evaluates a model on a set of examples, divided among the workers.
   *
   * @param set the examples
   * @param state the model
   */
  Evaluation evaluate(EvaluationSet set, ModelState state);

  /** The sets of examples that a model can be evaluated on. */
  enum EvaluationSet {
    /** The test examples. */
    TEST,
    /** The training examples that were held out. */
    VALIDATION;
  }
}
