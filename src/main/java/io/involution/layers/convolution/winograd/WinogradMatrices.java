package io.involution.layers.convolution.winograd;

import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays.Operand;

/**
 * One matrix {@code [rows, tiles]} per point of the transformed tiles, one after the other.
 *
 * @param memory the memory that holds them
 * @param at first element of the first matrix
 * @param rows number of channels or filters
 * @param tiles number of tiles of all images of a micro-batch
 */
record WinogradMatrices<A>(NativeReals<A> memory, int at, int rows, int tiles) {
  Operand<A> matrix(int point) {
    return new Operand<>(memory, at + point * rows * tiles, tiles, false);
  }

  Operand<A> transposed(int point) {
    return matrix(point).flipped();
  }

  /** The same matrices for one more thread's products. */
  WinogradMatrices<A> shared() {
    return new WinogradMatrices<>(memory.shared(), at, rows, tiles);
  }

  /** Copies a line of every point into the matrices, from a row on. */
  void put(A[] lines, int row, int count) {
    for (int point = 0; point < lines.length; point++) {
      memory.put(at + (point * rows + row) * tiles, lines[point], 0, count);
    }
  }

  /** Copies a line of every point out of the matrices, from a row on. */
  void get(A[] lines, int row, int count) {
    for (int point = 0; point < lines.length; point++) {
      memory.get(at + (point * rows + row) * tiles, lines[point], 0, count);
    }
  }
}
