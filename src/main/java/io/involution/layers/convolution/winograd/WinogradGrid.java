package io.involution.layers.convolution.winograd;

import io.involution.layers.convolution.ConvolutionShape;

/**
 * Divides the outputs of a convolution into tiles of 4x4; the last tiles may extend beyond the
 * border.
 */
final class WinogradGrid {
  /** Rows and columns of outputs in a tile. */
  static final int OUTPUTS = 4;

  /** Rows and columns of pixels that a tile's outputs depend on. */
  static final int PIXELS = 6;

  /** Number of products per tile, channel and filter. */
  static final int POINTS = PIXELS * PIXELS;

  /**
   * With fewer channels or filters, as in the first layer of a network, the transforms cost more
   * than the products save.
   */
  private static final int LEAST_DEPTH = 8;

  final int rows;
  final int columns;

  WinogradGrid(ConvolutionShape shape) {
    rows = (shape.outHeight + OUTPUTS - 1) / OUTPUTS;
    columns = (shape.outWidth + OUTPUTS - 1) / OUTPUTS;
  }

  /** Whether a convolution can be divided, and is worth it. */
  static boolean suits(ConvolutionShape shape) {
    return shape.kernelSize == 3
        && shape.stride == 1
        && shape.channels >= LEAST_DEPTH
        && shape.filters >= LEAST_DEPTH;
  }

  /** Number of tiles per image. */
  int count() {
    return rows * columns;
  }

  /** Elements of the matrices of all points for a number of rows and images. */
  int length(int lines, int images) {
    return Math.multiplyExact(POINTS * lines, images * count());
  }
}
