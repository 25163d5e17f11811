package io.involution.train;

import java.io.Serializable;

/**
 * Where a task ran.
 *
 * @param host the executor's host name
 * @param executor the executor's id
 * @param device what computed, such as {@code cpu} or {@code gpu:0}
 * @param attempt 0 for the first attempt at the task
 */
public record Place(String host, String executor, String device, int attempt)
    implements Serializable {}
