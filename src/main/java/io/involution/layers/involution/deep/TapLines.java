package io.involution.layers.involution.deep;

import io.involution.layers.involution.InvolutionShape;
import java.util.Arrays;

/**
 * Lines in which row a of a kernel starts a * width positions further on than row 0. Then a product
 * of a tap's kernel with the pixel that it sees has the same index in both lines, as the JIT wants
 * it, if the pixels are copied once for every column of the kernel.
 */
final class TapLines {
  /** Channels whose sums of products are computed in one loop. */
  static final int CHANNELS = 3;

  /** Values of a cache line, and those in whose place an array has its header. */
  private static final int CACHE_LINE = 16;

  private static final int HEADER = 4;

  /** A group's kernels [K*K], and the same as [K rows][K columns] and as [K columns][K rows]. */
  final float[][] kernel;

  final float[][][] kernelRows;
  final float[][][] kernelColumns;

  /** The gradients of a group's kernels [K*K]. */
  final float[][] kernelGradient;

  /** For some channels [channel][K columns] the input, and the same as [K columns][channel]. */
  final float[][][] inputs;

  final float[][][] inputColumns;

  /** For some channels [channel][K rows] the output's gradient, and as [K rows][channel]. */
  final float[][][] gradients;

  final float[][][] gradientRows;

  /** A sum for every row or column of the kernel, and the same moved to where they are added. */
  final float[][] sums;

  final float[][] moved;

  private final float[][] all;
  private int used;

  TapLines(InvolutionShape shape, MicroBatches layout) {
    int size = shape.kernelSize;
    int count = 2 * shape.taps + 2 * CHANNELS * size + 2 * size;
    all = new float[count][aligned(Math.max(layout.shifted, layout.line))];
    kernel = take(shape.taps);
    kernelGradient = take(shape.taps);
    kernelRows = new float[size][][];
    for (int row = 0; row < size; row++) {
      kernelRows[row] = Arrays.copyOfRange(kernel, row * size, (row + 1) * size);
    }
    kernelColumns = transposed(kernelRows, size);
    inputs = new float[CHANNELS][][];
    Arrays.setAll(inputs, channel -> take(size));
    inputColumns = transposed(inputs, size);
    gradients = new float[CHANNELS][][];
    Arrays.setAll(gradients, channel -> take(size));
    gradientRows = transposed(gradients, size);
    sums = take(size);
    moved = take(size);
  }

  /**
   * The next few lines. All are made at once and as long as whole cache lines with their header:
   * they are then likely to be adjacent and to start at the same place of a cache line, so that the
   * JIT's loops, which align one of their lines, find the others aligned, too.
   */
  private float[][] take(int count) {
    used += count;
    return Arrays.copyOfRange(all, used - count, used);
  }

  /** A length that fills cache lines together with an array's header. */
  private static int aligned(int length) {
    return (length + HEADER + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE - HEADER;
  }

  private static float[][][] transposed(float[][][] lines, int columns) {
    float[][][] result = new float[columns][lines.length][];
    for (int row = 0; row < lines.length; row++) {
      for (int column = 0; column < columns; column++) {
        result[column][row] = lines[row][column];
      }
    }
    return result;
  }
}
