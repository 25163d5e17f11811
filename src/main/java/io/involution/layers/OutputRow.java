package io.involution.layers;

/**
 * Where one image's row of one filter's outputs lies, and what is done to it. Kept in scratch and
 * filled in anew for every row.
 */
final class OutputRow {
  /** Mark of an output that the ReLU cut off. */
  static final byte INACTIVE = 4;

  final boolean pool;
  final boolean relu;

  /** Outputs in the row. */
  final int count;

  /** First element of the row of products. */
  int top;

  /** First element of the next row of products; only for a pool. */
  int bottom;

  /** First output. */
  int output;

  /** First of the row's winners. */
  int winner;

  double bias;

  OutputRow(ConvolutionShape shape) {
    pool = shape.pool;
    relu = shape.relu;
    count = shape.finalWidth;
  }
}
