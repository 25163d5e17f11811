package io.involution.compute;

/**
 * A chunk of a minibatch's images.
 *
 * @param number which chunk, from 0: chooses where sums go
 * @param from first image, inclusive
 * @param to last image, exclusive
 */
public record ImageChunk(int number, int from, int to) {
  /** How many images it has. */
  public int images() {
    return to - from;
  }
}
