package io.involution.layers.convolution.rows;

import io.involution.layers.convolution.ConvolutionShape;

/**
 * Where one image's row of one filter's outputs lies, and what is done to it. Kept in scratch and
 * filled in anew for every row.
 */
public final class OutputRow {
  /** Mark of an output that the ReLU cut off; the bit that no winner has. */
  public static final byte INACTIVE = 4;

  public final boolean pool;

  /** Least output: 0 for a ReLU. */
  public final double floor;

  /** Outputs in the row. */
  public final int count;

  /** First element of the row of products. */
  public int top;

  /** First element of the next row of products; only for a pool. */
  public int bottom;

  /** First output. */
  public int output;

  /** First of the row's winners. */
  public int winner;

  public double bias;

  OutputRow(ConvolutionShape shape) {
    pool = shape.pool;
    floor = shape.relu ? 0 : Double.NEGATIVE_INFINITY;
    count = shape.finalWidth;
  }
}
