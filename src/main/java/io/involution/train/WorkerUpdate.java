package io.involution.train;

import io.involution.model.state.ModelState;
import java.io.Serializable;

/**
 * What a worker sends back from a round.
 *
 * @param report its metrics
 * @param state its model at the round's end
 */
public record WorkerUpdate(WorkerReport report, ModelState state) implements Serializable {}
