package io.involution.train;

import java.io.Serializable;

/**
 * What one worker has to do in one round: with the model state and the shard, all that the result
 * depends on.
 *
 * @param worker 0 to the number of workers - 1
 * @param round which local steps
 * @param seed the run's seed
 */
public record Assignment(int worker, Round round, long seed) implements Serializable {}
