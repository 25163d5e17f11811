package io.involution.layers.convolution.activation;

/**
 * The products of windows of 2x2, a line for each of the four; all four have the same index.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public record Windows<A>(A upperLeft, A upperRight, A lowerLeft, A lowerRight) {}
