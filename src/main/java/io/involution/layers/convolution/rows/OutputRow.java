package io.involution.layers.convolution.rows;

import io.involution.layers.convolution.ConvolutionShape;

/**
 * Where one image's row of one filter's outputs lies, and what is done to it. Kept in scratch and
 * reused for every row.
 */
public final class OutputRow {
  final boolean pool;

  /** Least output: 0 for a ReLU. */
  final double floor;

  /** Outputs in the row. */
  final int count;

  /** First element of the row of products. */
  public int top;

  /** First element of the next row of products; only for a pool. */
  public int bottom;

  /** First output. */
  public int output;

  /** First of the row's winners. */
  public int winner;

  /** What is added to each. */
  public double bias;

  /** The rows of a shape. */
  public OutputRow(ConvolutionShape shape) {
    pool = shape.pool;
    floor = shape.relu ? 0 : Double.NEGATIVE_INFINITY;
    count = shape.finalWidth;
  }
}
