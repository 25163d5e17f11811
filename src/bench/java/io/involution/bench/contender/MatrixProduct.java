package io.involution.bench.contender;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;

/**
 * One product of float32 matrices, {@code [rows, inner] x [inner, columns]}, as one call of
 * OpenBLAS, in the memory layout in which it is fastest.
 */
final class MatrixProduct implements AutoCloseable {
  private static final int TRIALS = 3;

  private final int rows;
  private final int columns;
  private final int inner;
  private final FloatPointer left;
  private final FloatPointer right;
  private final FloatPointer result;
  private Layout layout = new Layout(false, false, false);

  /** Which of the three matrices are stored transposed. */
  private record Layout(boolean left, boolean right, boolean result) {
    static Layout of(int index) {
      return new Layout((index & 1) != 0, (index & 2) != 0, (index & 4) != 0);
    }
  }

  MatrixProduct(int rows, int columns, int inner) {
    this.rows = rows;
    this.columns = columns;
    this.inner = inner;
    left = filled((long) rows * inner);
    right = filled((long) inner * columns);
    result = filled((long) rows * columns);
  }

  private static FloatPointer filled(long length) {
    FloatPointer pointer = new FloatPointer(length);
    for (long i = 0; i < length; i++) {
      pointer.put(i, (i % 17 - 8) / 8f);
    }
    return pointer;
  }

  /** Tries all the layouts and keeps the fastest. */
  void chooseLayout() {
    long least = Long.MAX_VALUE;
    Layout fastest = layout;
    for (int trial = 0; trial < 8 * TRIALS; trial++) {
      layout = Layout.of(trial % 8);
      long begin = System.nanoTime();
      run();
      long taken = System.nanoTime() - begin;
      if (trial >= 8 && taken < least) {
        least = taken;
        fastest = layout;
      }
    }
    layout = fastest;
  }

  /** Computes the product. */
  void run() {
    int leftStride = layout.left ? rows : inner;
    int rightStride = layout.right ? inner : columns;
    if (layout.result) {
      // The transposed result is the product of the transposed factors in the other order.
      cblas_sgemm(
          CblasRowMajor,
          transposed(!layout.right),
          transposed(!layout.left),
          columns,
          rows,
          inner,
          1f,
          right,
          rightStride,
          left,
          leftStride,
          0f,
          result,
          rows);
    } else {
      cblas_sgemm(
          CblasRowMajor,
          transposed(layout.left),
          transposed(layout.right),
          rows,
          columns,
          inner,
          1f,
          left,
          leftStride,
          right,
          rightStride,
          0f,
          result,
          columns);
    }
  }

  private static int transposed(boolean really) {
    return really ? CblasTrans : CblasNoTrans;
  }

  @Override
  public void close() {
    left.close();
    right.close();
    result.close();
  }
}
