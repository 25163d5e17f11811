package io.involution.bench;

/**
 * How many numbers a network consists of.
 *
 * @param trainable parameters that the updater changes
 * @param statistics running statistics of batch normalizations
 */
public record NetworkSize(long trainable, long statistics) {}
