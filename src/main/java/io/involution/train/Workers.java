package io.involution.train;

import io.involution.evaluate.Evaluation;
import io.involution.model.state.ModelState;
import io.involution.train.time.Round;
import java.util.List;

/** The workers as the training loop sees them: they own the shards and take the local steps. */
public interface Workers {
  /**
   * Makes every worker take the local steps of a round, and averages their updates.
   *
   * @param rounds the steps: one round, or consecutive ones of an epoch {@link #goOnAlone}
   * @param start model state that every worker starts from
   */
  Stretch run(List<Round> rounds, ModelState start);

  /**
   * Whether several rounds can be run at once: there is a single worker, and what it ends a round
   * with is what it starts the next one from.
   */
  default boolean goOnAlone() {
    return false;
  }

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
