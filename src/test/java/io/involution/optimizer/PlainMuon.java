package io.involution.optimizer;

/** Muon in float64 by plain loops, written from the formulas and not from the job's code. */
public final class PlainMuon {
  private PlainMuon() {}

  /** Five Newton-Schulz steps on {@code [rows][columns]}. */
  public static double[][] orthogonal(double[][] matrix) {
    double squares = 0;
    for (double[] row : matrix) {
      for (double value : row) {
        squares += value * value;
      }
    }
    double[][] x = combined(1 / (Math.sqrt(squares) + 1e-7), matrix, 0, matrix);
    for (int step = 0; step < 5; step++) {
      double[][] gram = product(x, transposed(x));
      double[][] cubic = product(gram, x);
      double[][] quintic = product(gram, cubic);
      x = combined(1, combined(3.4445, x, -4.7750, cubic), 2.0315, quintic);
    }
    return x;
  }

  /** The matrix {@code [rows][columns]} of entries in row order. */
  public static double[][] matrix(double[] entries, int rows) {
    int columns = entries.length / rows;
    double[][] matrix = new double[rows][columns];
    for (int i = 0; i < entries.length; i++) {
      matrix[i / columns][i % columns] = entries[i];
    }
    return matrix;
  }

  static double[][] product(double[][] left, double[][] right) {
    double[][] result = new double[left.length][right[0].length];
    for (int i = 0; i < left.length; i++) {
      for (int k = 0; k < right.length; k++) {
        for (int j = 0; j < right[0].length; j++) {
          result[i][j] += left[i][k] * right[k][j];
        }
      }
    }
    return result;
  }

  static double[][] transposed(double[][] matrix) {
    double[][] result = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[0].length; j++) {
        result[j][i] = matrix[i][j];
      }
    }
    return result;
  }

  private static double[][] combined(double a, double[][] x, double b, double[][] y) {
    double[][] result = new double[x.length][x[0].length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x[0].length; j++) {
        result[i][j] = a * x[i][j] + b * y[i][j];
      }
    }
    return result;
  }
}
