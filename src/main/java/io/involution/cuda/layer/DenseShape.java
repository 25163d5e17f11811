package io.involution.cuda.layer;

import io.involution.cuda.driver.Grid;

/**
 * The size of a dense layer, and from it alone the grids of its kernels and the order of its sums.
 *
 * @param capacity the most examples of a minibatch
 * @param inputs entries of an example
 * @param outputs units
 */
record DenseShape(int capacity, int inputs, int outputs) {
  /** Threads of a block, as dense.cu has it. */
  static final int THREADS = 256;

  /** Inputs that a block of the forward pass sums at least, and at most so many parts. */
  private static final int LEAST_PART = 32;

  private static final int MOST_PARTS = 32;
  private static final int LARGE_TILE = 64;
  private static final int SMALL_TILE = 32;

  /** Fewer tiles of the weight gradient than this leave most of a large device's cores idle. */
  private static final int FEW_TILES = 48;

  /** Checks the sizes. */
  DenseShape {
    if (capacity < 1 || inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "a dense layer from " + inputs + " to " + outputs + " for " + capacity + " examples");
    }
  }

  /** Inputs of one part of the forward pass' sums: a multiple of 32. */
  int part() {
    return LEAST_PART * Grid.parts(Grid.parts(inputs, MOST_PARTS), LEAST_PART);
  }

  /** Parts of the forward pass' sums. */
  int parts() {
    return Grid.parts(inputs, part());
  }

  /** Entries of all parts. */
  long partials() {
    return parts() * results();
  }

  /** Entries of the output. */
  long results() {
    return (long) capacity * outputs;
  }

  /** Entries of the weights. */
  long weights() {
    return (long) inputs * outputs;
  }

  /** The grid of dense_forward. */
  Grid forwardGrid() {
    return new Grid(
        Grid.parts(outputs, LARGE_TILE), Grid.parts(capacity, LARGE_TILE), parts(), THREADS);
  }

  /** The kernel of the gradients. */
  String gradients() {
    return tile() == LARGE_TILE ? "dense_gradients" : "dense_gradients_small";
  }

  /**
   * The grid of the gradients.
   *
   * @param input whether the input's gradient is wanted
   * @param second the layer whose weight gradient is made too, or null
   */
  Grid gradientGrid(boolean input, DenseShape second) {
    int blocks =
        Grid.parts(inputs, tile()) * Grid.parts(outputs, tile()) + Grid.parts(outputs, LARGE_TILE);
    if (input) {
      blocks += Grid.parts(capacity, tile()) * Grid.parts(inputs, tile());
    }
    if (second != null) {
      blocks +=
          Grid.parts(second.inputs, tile()) * Grid.parts(second.outputs, tile())
              + Grid.parts(second.outputs, LARGE_TILE);
    }
    return new Grid(blocks, THREADS);
  }

  private int tile() {
    return Grid.parts(inputs, LARGE_TILE) * Grid.parts(outputs, LARGE_TILE) < FEW_TILES
        ? SMALL_TILE
        : LARGE_TILE;
  }
}
