package io.involution.experiment;

import io.involution.run.Deadline;

/**
 * Limits of one start of an experiment.
 *
 * @param deadline when running cells stop at a checkpoint and no more are started
 * @param cells maximum number of cells to run
 */
public record Limits(Deadline deadline, int cells) {}
