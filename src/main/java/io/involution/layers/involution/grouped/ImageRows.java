package io.involution.layers.involution.grouped;

import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.LineGrid;

/**
 * The images of a chunk side by side, as one wide image per channel: a line is its rows, one after
 * the other, and between two images is a gap of zeros as wide as the reach of SAME padding. So a
 * tap of the kernel is a row further up or down and a shift within it. For stride 1 only.
 */
final class ImageRows implements LineGrid {
  /** Rows are padded to a multiple of the widest processors' vectors. */
  private static final int VECTOR = 16;

  /** Positions between two images, before the first and after the last. */
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

  /** The position where an image starts in a row. */
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
