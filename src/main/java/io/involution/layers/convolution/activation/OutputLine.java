package io.involution.layers.convolution.activation;

/**
 * Where a line of outputs lies and what is done to it.
 *
 * @param at first element of the line
 * @param count elements
 * @param bias added first
 * @param floor least output: 0 for a ReLU, minus infinity without one
 * @param winner the line's first mark
 */
public record OutputLine(int at, int count, double bias, double floor, int winner) {
  /** Whether outputs can be cut off. */
  boolean cuts() {
    return floor != Double.NEGATIVE_INFINITY;
  }

  /** The line's end. */
  int end() {
    return at + count;
  }

  /** From an element to its mark. */
  int toMark() {
    return winner - at;
  }
}
