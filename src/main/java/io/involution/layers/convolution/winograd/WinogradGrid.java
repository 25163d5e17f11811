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

  final int rows;
  final int columns;

  WinogradGrid(ConvolutionShape shape) {
    rows = (shape.outHeight + OUTPUTS - 1) / OUTPUTS;
    columns = (shape.outWidth + OUTPUTS - 1) / OUTPUTS;
  }

  /** Number of tiles per image. */
  int count() {
    return rows * columns;
  }
}
