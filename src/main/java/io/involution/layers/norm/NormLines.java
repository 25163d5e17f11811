package io.involution.layers.norm;

import io.involution.layers.array.RealArrays;

/**
 * One thread's memory: the values of a stretch of an image, and for each of them the numbers of its
 * channel, so that every loop runs over whole arrays at one index.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
final class NormLines<A> {
  final A input;
  final A output;
  final A shortcut;
  final A gradient;
  final A center;
  final A scale;
  final A shift;
  final A constant;
  final A slope;
  final A sums;
  final A products;

  NormLines(RealArrays<A> reals) {
    input = reals.create(NormBlocks.MOST);
    output = reals.create(NormBlocks.MOST);
    shortcut = reals.create(NormBlocks.MOST);
    gradient = reals.create(NormBlocks.MOST);
    center = reals.create(NormBlocks.MOST);
    scale = reals.create(NormBlocks.MOST);
    shift = reals.create(NormBlocks.MOST);
    constant = reals.create(NormBlocks.MOST);
    slope = reals.create(NormBlocks.MOST);
    sums = reals.create(NormBlocks.MOST);
    products = reals.create(NormBlocks.MOST);
  }
}
