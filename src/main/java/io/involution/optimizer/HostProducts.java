package io.involution.optimizer;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * The Newton-Schulz steps on the CPU by OpenBLAS. A product is divided into bands of rows, by the
 * shape alone, and each band is a call of one thread, so that the bits are the same with any number
 * of threads. With s the smaller and l the larger side of the matrix, five steps take 5 (4 s s l +
 * 2 s s s) operations.
 */
final class HostProducts extends Orthogonalization {
  /** Rows of a band: enough for OpenBLAS's kernels, and few enough to keep several threads busy. */
  private static final int BAND = 32;

  private FloatPointer matrix = new FloatPointer(0);
  private FloatPointer next = new FloatPointer(0);
  private FloatPointer square = new FloatPointer(0);
  private FloatPointer polynomial = new FloatPointer(0);

  /** A matrix in memory of its own: its rows are {@code columns} entries apart. */
  private record Operand(FloatPointer memory, int rows, int columns, boolean transposed) {
    int height() {
      return transposed ? columns : rows;
    }

    int width() {
      return transposed ? rows : columns;
    }

    int order() {
      return transposed ? CblasTrans : CblasNoTrans;
    }

    /** The memory from row {@code row} of the operand on. */
    FloatPointer from(int row) {
      return new FloatPointer(memory).position(transposed ? row : (long) row * columns);
    }

    Operand transpose() {
      return new Operand(memory, rows, columns, !transposed);
    }
  }

  /** {@code into = factor (left right) + keep into}. */
  private record Product(Operand left, Operand right, float factor, float keep) {
    void into(FloatPointer target) {
      int rows = left.height();
      int bands = (rows + BAND - 1) / BAND;
      ImageChunks.run(
          bands,
          (thread, chunk) -> {
            for (int band = chunk.from(); band < chunk.to(); band++) {
              band(target, band * BAND, Math.min(rows, (band + 1) * BAND));
            }
          });
    }

    private void band(FloatPointer target, int from, int to) {
      int width = right.width();
      cblas_sgemm(
          CblasRowMajor,
          left.order(),
          right.order(),
          to - from,
          width,
          left.width(),
          factor,
          left.from(from),
          left.columns(),
          right.from(0),
          right.columns(),
          keep,
          new FloatPointer(target).position((long) from * width),
          width);
    }
  }

  @Override
  void steps(MatrixShape shape, float[] values) {
    NativeThreads.useOne();
    int rows = shape.rows();
    int columns = shape.columns();
    int small = Math.min(rows, columns);
    matrix = room(matrix, values.length);
    next = room(next, values.length);
    square = room(square, (long) small * small);
    polynomial = room(polynomial, (long) small * small);
    matrix.position(0).put(values, 0, values.length);
    for (int step = 0; step < STEPS; step++) {
      Operand x = new Operand(matrix, rows, columns, false);
      Operand a = new Operand(square, small, small, false);
      Operand sum = new Operand(polynomial, small, small, false);
      boolean tall = rows > columns;
      Operand left = tall ? x.transpose() : x;
      new Product(left, left.transpose(), 1, 0).into(square);
      copy(square, polynomial, (long) small * small);
      new Product(a, a, C, B).into(polynomial);
      copy(matrix, next, values.length);
      Product change = tall ? new Product(x, sum, 1, A) : new Product(sum, x, 1, A);
      change.into(next);
      FloatPointer done = next;
      next = matrix;
      matrix = done;
    }
    matrix.position(0).get(values, 0, values.length);
  }

  private static void copy(FloatPointer from, FloatPointer to, long count) {
    Pointer.memcpy(to, from, count * Float.BYTES);
  }

  private static FloatPointer room(FloatPointer memory, long length) {
    if (memory.capacity() >= length) {
      return memory;
    }
    memory.close();
    return new FloatPointer(length);
  }
}
