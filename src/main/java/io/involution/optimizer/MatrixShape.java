package io.involution.optimizer;

import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The shape of a matrix in row order inside the parameter vector: a row per output.
 *
 * @param rows outputs
 * @param columns inputs, for filters times their rows and columns
 */
public record MatrixShape(int rows, int columns) {
  /** Checks that it has entries. */
  public MatrixShape {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "a matrix of %d x %d", rows, columns));
    }
  }

  /**
   * The matrix that a parameter is: filters [out, in, k, k] in c order are [out, in k k], and
   * DL4J's dense weights [in, out] in f order are [out, in].
   */
  public static MatrixShape of(INDArray parameter) {
    int dimension = parameter.rank() == 2 && parameter.ordering() == 'f' ? 1 : 0;
    int rows = Math.toIntExact(parameter.size(dimension));
    return new MatrixShape(rows, Math.toIntExact(parameter.length() / rows));
  }

  /** Number of entries. */
  public int length() {
    return Math.multiplyExact(rows, columns);
  }

  /** The factor that makes the update of a tall matrix larger: sqrt(max(1, rows / columns)). */
  double scale() {
    return Math.sqrt(Math.max(1, (double) rows / columns));
  }
}
