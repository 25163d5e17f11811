package io.involution.layers.involution.grouped;

import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.LineGrid;

/**
 * Images of a chunk side by side, as one wide image a channel: a line is its rows, one after the
 * other, and between two images is a gap of zeros as wide as SAME padding reaches. So a tap of the
 * kernel is a row further up or down and a shift within it. For a stride of 1.
 */
final class ImageRows implements LineGrid {
  /** Rows are filled up to whole vectors of the widest processors. */
  private static final int VECTOR = 16;

  /** Places between two images, before the first and after the last. */
  private final int gap;

  private final int step;

  /** Length of a row. */
  final int length;

  /** Length of a line: all rows. */
  final int line;

  ImageRows(InvolutionShape shape, int images) {
    gap = Math.max(1, Math.max(shape.padLeft, shape.kernelSize - 1 - shape.padLeft));
    step = shape.width + gap;
    length = (gap + images * step + VECTOR - 1) / VECTOR * VECTOR;
    line = shape.height * length;
  }

  /** Where an image starts in a row. */
  int column(int image) {
    return gap + image * step;
  }

  @Override
  public int row(int image, int y) {
    return y * length + column(image);
  }

  @Override
  public int pitch() {
    return length;
  }
}
