package io.involution.compute;

/**
 * A chunk of a minibatch's images.
 *
 * @param number the chunk's index, from 0: selects where its sums are stored
 * @param from first image, inclusive
 * @param to last image, exclusive
 */
public record ImageChunk(int number, int from, int to) {
  /** The number of its images. */
  public int images() {
    return to - from;
  }
}
