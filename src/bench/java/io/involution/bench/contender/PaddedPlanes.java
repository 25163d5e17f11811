package io.involution.bench.contender;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Images as one long row of numbers a channel, two rows and columns larger than they are, the rest
 * zeros. A shift by a tap of a 3x3 window is then a shift along the row, so that products of
 * shifted images are products of contiguous vectors, ND4J's fastest operation.
 */
final class PaddedPlanes {
  private final INDArray planes;
  private final INDArray rows;
  private final long height;
  private final long width;

  /** Zeros of a type for images {@code [images, channels, height, width]} of that shape. */
  PaddedPlanes(DataType type, long channels, long... shape) {
    height = shape[2];
    width = shape[3];
    planes = Nd4j.createUninitializedDetached(type, channels, shape[0], height + 2, width + 2);
    planes.assign(0);
    rows = planes.reshape(channels, planes.length() / channels);
  }

  /** Whether it fits a number of images of that size. */
  boolean fits(long... shape) {
    return planes.size(1) == shape[0] && height == shape[2] && width == shape[3];
  }

  void clear() {
    planes.assign(0);
  }

  /** Writes images with their first pixel at a tap of the window, 0 or 4. */
  void write(INDArray images, int tap) {
    at(tap).assign(images.permute(1, 0, 2, 3));
  }

  /** Reads the images whose first pixel is at a tap of the window. */
  INDArray read(int tap) {
    return at(tap).permute(1, 0, 2, 3);
  }

  private INDArray at(int tap) {
    int row = tap / 3;
    int column = tap % 3;
    return planes.get(
        NDArrayIndex.all(),
        NDArrayIndex.all(),
        NDArrayIndex.interval(row, row + height),
        NDArrayIndex.interval(column, column + width));
  }

  /** One channel's numbers, as many as there are positions of the window, from a tap on. */
  INDArray row(int channel, int tap) {
    long from = tap / 3 * (width + 2) + tap % 3;
    long length = rows.size(1) - 2 * (width + 2) - 2;
    return rows.get(NDArrayIndex.point(channel), NDArrayIndex.interval(from, from + length));
  }
}
