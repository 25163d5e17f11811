package io.involution.train;

import io.involution.model.ModelState;

/**
 * What the driver makes of a round: from the state at the round's start and the workers' mean to
 * the state at the next round's start. Small and pure, so that a retried round gives the same bits.
 */
@FunctionalInterface
public interface OuterStep {
  /** Plain parameter averaging: the mean is the next state. */
  OuterStep AVERAGE = (start, mean) -> mean;

  /**
   * Takes the step.
   *
   * @param start state at the round's start, its outer sections included
   * @param mean example-weighted mean of the workers' states at the round's end
   * @return state at the next round's start
   */
  ModelState next(ModelState start, ModelState mean);
}
