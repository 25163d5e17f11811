package io.involution.layers.involution.deep;

import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.LineGrid;

/**
 * How the images of a chunk are divided into micro-batches and where a micro-batch's pixels are in
 * the line of their channel: all images one after the other without gaps, between two margins. So a
 * tap of the kernel is an offset into the line; where it leaves the image, it meets another image
 * or row, and the kernel is set to zero there (see {@link Borders}). For stride 1 only.
 */
final class MicroBatches implements LineGrid {
  /** Positions of a micro-batch whose lines fit into the L1 cache, a few at a time. */
  private static final int POSITIONS = 1024;

  /** Values of a micro-batch's images that leave room for the kernels in the L2 cache. */
  private static final int VALUES = 1 << 17;

  private final int width;
  private final int size;

  /** Images of a micro-batch; the last one of a chunk may have fewer. */
  final int images;

  /** Positions of so many images. */
  final int positions;

  /** Positions before the first image. */
  final int margin;

  /** Length of a line, with both margins. */
  final int line;

  /** Length of a line with room for K rows' offsets: positions + (K - 1) * width. */
  final int shifted;

  MicroBatches(InvolutionShape shape, int mostImages) {
    width = shape.width;
    size = shape.height * width;
    int fitting = Math.max(1, Math.min(POSITIONS, VALUES / shape.channels) / size);
    int parts = (mostImages + fitting - 1) / fitting;
    images = (mostImages + parts - 1) / parts;
    positions = images * size;
    int reach = (shape.kernelSize - 1) * (width + 1);
    // At least one position, which outputs that the ReLU cut off can refer to.
    margin = Math.max(1, shape.padTop * width + shape.padLeft);
    line = positions + 1 + reach;
    shifted = positions + (shape.kernelSize - 1) * width;
  }

  @Override
  public int row(int image, int y) {
    return margin + image * size + y * width;
  }

  @Override
  public int pitch() {
    return width;
  }
}
