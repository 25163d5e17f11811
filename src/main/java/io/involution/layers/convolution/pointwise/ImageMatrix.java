package io.involution.layers.convolution.pointwise;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.convolution.MicroBatch;
import java.util.Arrays;

/**
 * The images of a micro-batch {@code [images, rows, pixels]} as one matrix {@code [rows, images *
 * pixels]}: a single image where it is, several as a copy. For one thread.
 */
final class ImageMatrix<A> implements AutoCloseable {
  private final RealArrays<A> reals;
  private final int rows;
  private final int pixels;
  private final boolean direct;
  private final NativeReals<A> memory;
  private final A images;
  private final A matrix;
  private final A line;
  private final double[] numberLine;

  /**
   * For images of a size.
   *
   * @param rows channels or filters
   * @param pixels of a channel
   * @param mostImages of a micro-batch
   */
  ImageMatrix(RealArrays<A> reals, int rows, int pixels, int mostImages) {
    this.reals = reals;
    this.rows = rows;
    this.pixels = pixels;
    direct = mostImages == 1;
    int length = direct ? 0 : Math.multiplyExact(rows * pixels, mostImages);
    memory = reals.allocate(length);
    images = reals.create(length);
    matrix = reals.create(length);
    line = reals.create(pixels * mostImages);
    numberLine = new double[pixels * mostImages];
  }

  /** The matrix of a micro-batch of these images. */
  Operand<A> of(NativeReals<A> all, MicroBatch batch) {
    if (!direct) {
      int count = batch.images();
      all.get(batch.first() * rows * pixels, images, 0, count * rows * pixels);
      for (int n = 0; n < count; n++) {
        for (int row = 0; row < rows; row++) {
          int to = (row * count + n) * pixels;
          reals.gather(images, (n * rows + row) * pixels, 1, matrix, to, pixels);
        }
      }
      memory.put(0, matrix, 0, count * rows * pixels);
    }
    return place(all, batch);
  }

  /** Where a matrix must be written that is a micro-batch of these images after {@link #store}. */
  Operand<A> place(NativeReals<A> all, MicroBatch batch) {
    return direct
        ? new Operand<>(all.shared(), batch.first() * rows * pixels, pixels, false)
        : new Operand<>(memory, 0, batch.images() * pixels, false);
  }

  /** Fills the place of a matrix with a number for each row. */
  void fill(Operand<A> place, double[] numbers, MicroBatch batch) {
    int columns = batch.images() * pixels;
    for (int row = 0; row < rows; row++) {
      Arrays.fill(numberLine, 0, columns, numbers[row]);
      reals.narrow(numberLine, 0, line, columns);
      place.memory().put(place.at() + row * columns, line, 0, columns);
    }
  }

  /** Adds the sum of each row of a micro-batch of these images to a sum. */
  void addSums(NativeReals<A> all, double[] sums, MicroBatch batch) {
    for (int n = batch.first(); n < batch.first() + batch.images(); n++) {
      for (int row = 0; row < rows; row++) {
        all.get((n * rows + row) * pixels, line, 0, pixels);
        sums[row] += reals.sum(line, 0, pixels);
      }
    }
  }

  /** Makes the matrix that was written images again. */
  void store(NativeReals<A> all, MicroBatch batch) {
    if (!direct) {
      int count = batch.images();
      memory.get(0, matrix, 0, count * rows * pixels);
      for (int n = 0; n < count; n++) {
        for (int row = 0; row < rows; row++) {
          int from = (row * count + n) * pixels;
          reals.gather(matrix, from, 1, images, (n * rows + row) * pixels, pixels);
        }
      }
      all.put(batch.first() * rows * pixels, images, 0, count * rows * pixels);
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
