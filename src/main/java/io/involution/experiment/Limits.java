package io.involution.experiment;

import io.involution.run.Deadline;

/**
 * How much one start may do.
 *
 * @param deadline when cells stop at a checkpoint and no more begin
 * @param cells how many cells it runs at most
 */
public record Limits(Deadline deadline, int cells) {}
