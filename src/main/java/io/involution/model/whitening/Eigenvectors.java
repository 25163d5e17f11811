package io.involution.model.whitening;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations (Golub and Van Loan,
 * "Matrix Computations", section 8.5). Additions, products and roots alone, in one order: the same
 * bits on every machine, which a LAPACK does not promise.
 */
final class Eigenvectors {
  private static final int MOST_SWEEPS = 100;
  private static final double SMALL = 1e-15;

  private final double[][] matrix;
  private final double[][] vectors;
  private final int[] order;

  /**
   * Finds them.
   *
   * @param symmetric is overwritten
   */
  Eigenvectors(double[][] symmetric) {
    matrix = symmetric;
    int size = symmetric.length;
    vectors = new double[size][size];
    for (int i = 0; i < size; i++) {
      vectors[i][i] = 1;
    }
    for (int sweep = 0; sweep < MOST_SWEEPS && isMixed(); sweep++) {
      for (int p = 0; p < size; p++) {
        for (int q = p + 1; q < size; q++) {
          rotate(p, q);
        }
      }
    }
    order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> matrix[i][i]).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /** An eigenvalue; the largest is number 0. */
  double value(int number) {
    return matrix[order[number]][order[number]];
  }

  /** Its eigenvector, of length 1. */
  double[] vector(int number) {
    double[] vector = new double[order.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = vectors[i][order[number]];
    }
    return vector;
  }

  private boolean isMixed() {
    double diagonal = 0;
    double rest = 0;
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix.length; j++) {
        double share = Math.abs(matrix[i][j]);
        diagonal = Math.max(diagonal, i == j ? share : 0);
        rest = Math.max(rest, i == j ? 0 : share);
      }
    }
    return rest > SMALL * diagonal;
  }

  /** The rotation that makes one entry zero. */
  private void rotate(int p, int q) {
    if (matrix[p][q] == 0) {
      return;
    }
    double theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
    double tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double cosine = 1 / Math.sqrt(tangent * tangent + 1);
    double sine = tangent * cosine;
    for (int i = 0; i < matrix.length; i++) {
      turn(matrix[i], p, q, cosine, sine);
    }
    for (int i = 0; i < matrix.length; i++) {
      double above = matrix[p][i];
      double below = matrix[q][i];
      matrix[p][i] = cosine * above - sine * below;
      matrix[q][i] = sine * above + cosine * below;
      turn(vectors[i], p, q, cosine, sine);
    }
    matrix[p][q] = 0;
    matrix[q][p] = 0;
  }

  private static void turn(double[] row, int p, int q, double cosine, double sine) {
    double left = row[p];
    double right = row[q];
    row[p] = cosine * left - sine * right;
    row[q] = sine * left + cosine * right;
  }
}
