package io.involution.layers.convolution.rows;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.ConvolutionShape;

/**
 * The images of a micro-batch, laid out so that convolving them needs no full im2col. For every row
 * of the zero-padded images there is a block {@code [kernelSize][channels][images x outWidth]}: the
 * row once for every horizontal tap, shifted by the tap and subsampled by the stride. The {@code
 * kernelSize} blocks from input row {@code stride * i} on are then, as they lie in memory, the
 * matrix {@code [kernelSize * kernelSize * channels, images x outWidth]} of all patches of output
 * row {@code i}: each pixel is copied once per horizontal tap, not once per tap.
 */
final class RowPatches<A> implements AutoCloseable {
  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final NativeReals<A> memory;
  private final A block;

  /**
   * One row of one channel of all images, with {@code kernelSize} elements to spare on each side.
   */
  private final A line;

  /**
   * Whether outputs and pixels correspond one to one. A tap is then one shift of all images' rows
   * together: a few long loops instead of many short ones.
   */
  private final boolean aligned;

  private final int rows;
  private int images;

  RowPatches(RealArrays<A> reals, ConvolutionShape shape, int mostImages) {
    this.reals = reals;
    this.shape = shape;
    rows = rows(shape);
    block = reals.create(Math.multiplyExact(lineCount(), mostImages * shape.outWidth));
    line = reals.create(mostImages * shape.width + 2 * shape.kernelSize);
    aligned = shape.stride == 1 && shape.outWidth == shape.width;
    memory = reals.allocate(Math.multiplyExact(rows, lineCount() * mostImages * shape.outWidth));
  }

  /** Elements that one image takes. */
  static int lengthPerImage(ConvolutionShape shape) {
    return rows(shape) * shape.kernelSize * shape.channels * shape.outWidth;
  }

  private static int rows(ConvolutionShape shape) {
    return (shape.outHeight - 1) * shape.stride + shape.kernelSize;
  }

  /** Fills the blocks from images {@code [count, channels, height, width]}. */
  void load(A pixels, int count) {
    arrange(count);
    int last = Math.min(shape.height, rows - shape.padTop);
    for (int y = 0; y < last; y++) {
      if (aligned) {
        loadAligned(pixels, y);
      } else {
        for (int tap = 0; tap < shape.kernelSize; tap++) {
          loadTap(pixels, y, tap);
        }
      }
      memory.put((y + shape.padTop) * blockLength(), block, 0, blockLength());
    }
  }

  private void loadAligned(A pixels, int y) {
    for (int c = 0; c < shape.channels; c++) {
      for (int n = 0; n < images; n++) {
        int row = ((n * shape.channels + c) * shape.height + y) * shape.width;
        reals.gather(pixels, row, 1, line, shape.kernelSize + n * shape.width, shape.width);
      }
      for (int tap = 0; tap < shape.kernelSize; tap++) {
        int at = (tap * shape.channels + c) * lineLength();
        reals.gather(line, shape.kernelSize + tap - shape.padLeft, 1, block, at, lineLength());
        clearOutside(at, tap);
      }
    }
  }

  private void loadTap(A pixels, int y, int tap) {
    int first = firstColumn(tap);
    int count = endColumn(tap) - first;
    if (count == 0) {
      return;
    }
    int start = first * shape.stride + tap - shape.padLeft;
    for (int c = 0; c < shape.channels; c++) {
      int line = (tap * shape.channels + c) * lineLength() + first;
      for (int n = 0; n < images; n++) {
        int row = ((n * shape.channels + c) * shape.height + y) * shape.width;
        reals.gather(pixels, row + start, shape.stride, block, line + n * shape.outWidth, count);
      }
    }
  }

  /** Sets all patches of {@code count} images to zero, before gradients are added up in them. */
  void clear(int count) {
    images = count;
    memory.zero((long) rows * blockLength());
  }

  /** Writes the image gradients that the blocks' gradients add up to: the backward pass of load. */
  void fold(A pixelGradients) {
    if (!aligned) {
      reals.zero(pixelGradients, 0, images * shape.imageLength());
    }
    int last = Math.min(shape.height, rows - shape.padTop);
    for (int y = 0; y < last; y++) {
      memory.get((y + shape.padTop) * blockLength(), block, 0, blockLength());
      if (aligned) {
        foldAligned(pixelGradients, y);
      } else {
        for (int tap = 0; tap < shape.kernelSize; tap++) {
          foldTap(pixelGradients, y, tap);
        }
      }
    }
  }

  private void foldAligned(A pixelGradients, int y) {
    for (int c = 0; c < shape.channels; c++) {
      reals.zero(line, 0, lineLength() + 2 * shape.kernelSize);
      for (int tap = 0; tap < shape.kernelSize; tap++) {
        int at = (tap * shape.channels + c) * lineLength();
        clearOutside(at, tap);
        int shifted = shape.kernelSize + tap - shape.padLeft;
        reals.addScattered(block, at, line, shifted, 1, lineLength());
      }
      for (int n = 0; n < images; n++) {
        int row = ((n * shape.channels + c) * shape.height + y) * shape.width;
        int from = shape.kernelSize + n * shape.width;
        reals.gather(line, from, 1, pixelGradients, row, shape.width);
      }
    }
  }

  /** Sets to zero what a shift brings in from, or would carry to, the next image's row. */
  private void clearOutside(int at, int tap) {
    for (int x = 0; x < firstColumn(tap); x++) {
      reals.zeroScattered(block, at + x, shape.outWidth, images);
    }
    for (int x = endColumn(tap); x < shape.outWidth; x++) {
      reals.zeroScattered(block, at + x, shape.outWidth, images);
    }
  }

  private void foldTap(A pixelGradients, int y, int tap) {
    int first = firstColumn(tap);
    int count = endColumn(tap) - first;
    if (count == 0) {
      return;
    }
    int start = first * shape.stride + tap - shape.padLeft;
    for (int c = 0; c < shape.channels; c++) {
      int line = (tap * shape.channels + c) * lineLength() + first;
      for (int n = 0; n < images; n++) {
        int row = ((n * shape.channels + c) * shape.height + y) * shape.width;
        reals.addScattered(
            block, line + n * shape.outWidth, pixelGradients, row + start, shape.stride, count);
      }
    }
  }

  /** The patches {@code [patchLength, lineLength]} of one output row. */
  RealArrays.Operand<A> patches(int outRow) {
    return new RealArrays.Operand<>(
        memory, outRow * shape.stride * blockLength(), lineLength(), false);
  }

  /** Output columns of all images of the batch. */
  int lineLength() {
    return images * shape.outWidth;
  }

  private int lineCount() {
    return shape.kernelSize * shape.channels;
  }

  private int blockLength() {
    return lineCount() * lineLength();
  }

  /**
   * Prepares for a number of images: the padding's places depend on it; loading leaves them alone.
   */
  void arrange(int count) {
    if (images != count) {
      clear(count);
      reals.zero(block, 0, blockLength());
    }
  }

  /** First output column for which the tap lies inside the image. */
  private int firstColumn(int tap) {
    int left = Math.max(0, shape.padLeft - tap);
    return Math.min(shape.outWidth, (left + shape.stride - 1) / shape.stride);
  }

  /** End of the output columns for which the tap lies inside the image. */
  private int endColumn(int tap) {
    int room = shape.width - 1 + shape.padLeft - tap;
    int end = room < 0 ? 0 : Math.min(shape.outWidth, room / shape.stride + 1);
    return Math.max(firstColumn(tap), end);
  }

  @Override
  public void close() {
    memory.close();
  }
}
