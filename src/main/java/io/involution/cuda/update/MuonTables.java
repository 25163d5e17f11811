package io.involution.cuda.update;

import io.involution.cuda.driver.Grid;
import io.involution.optimizer.MatrixShape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the blocks of Muon's kernels work on, as {@code muon.cu} reads it: launches are for all
 * matrices of a network.
 *
 * @param matrices Muon's matrices, in the order of the parameter vector
 */
record MuonTables(List<MuonMatrix> matrices) {
  /** Entries of a block where there is no product. */
  private static final int PART = 1024;

  /** Rows and columns of a block's tile of a product. */
  private static final int TILE = 32;

  /** Checks that there are matrices. */
  MuonTables {
    matrices = List.copyOf(matrices);
    if (matrices.isEmpty()) {
      throw new IllegalArgumentException("no matrices");
    }
  }

  /** Entries of all matrices. */
  int entries() {
    return matrices.stream().mapToInt(matrix -> matrix.shape().length()).sum();
  }

  /** Entries of all squares. */
  int squares() {
    return matrices.stream().mapToInt(matrix -> matrix.side() * matrix.side()).sum();
  }

  private static int parts(MuonMatrix matrix) {
    return Grid.parts(matrix.shape().length(), PART);
  }

  /** Eight numbers a matrix. */
  int[] table() {
    int[] table = new int[8 * matrices.size()];
    int entry = 0;
    int square = 0;
    int part = 0;
    for (int i = 0; i < matrices.size(); i++) {
      MuonMatrix matrix = matrices.get(i);
      MatrixShape shape = matrix.shape();
      int[] numbers = {
        shape.rows(),
        shape.columns(),
        matrix.parameter(),
        entry,
        square,
        matrix.way(),
        part,
        parts(matrix)
      };
      System.arraycopy(numbers, 0, table, 8 * i, numbers.length);
      entry += shape.length();
      square += matrix.side() * matrix.side();
      part += parts(matrix);
    }
    return table;
  }

  /** Two numbers a block: a matrix, and a part of its entries. */
  int[] blocks() {
    return numbers()
        .flatMap(
            i -> IntStream.range(0, parts(matrices.get(i))).flatMap(part -> IntStream.of(i, part)))
        .toArray();
  }

  /** Four numbers a block: a matrix, and the first row and column of a tile of its square. */
  int[] squareTiles() {
    return numbers()
        .flatMap(i -> tiles(i, matrices.get(i).side(), matrices.get(i).side()))
        .toArray();
  }

  /** The same of the matrices themselves. */
  int[] matrixTiles() {
    return numbers()
        .flatMap(i -> tiles(i, matrices.get(i).shape().rows(), matrices.get(i).shape().columns()))
        .toArray();
  }

  private IntStream numbers() {
    return IntStream.range(0, matrices.size());
  }

  private static IntStream tiles(int matrix, int rows, int columns) {
    int across = Grid.parts(columns, TILE);
    return IntStream.range(0, Grid.parts(rows, TILE) * across)
        .flatMap(i -> IntStream.of(matrix, i / across * TILE, i % across * TILE, 0));
  }
}
