package io.involution.optimizer;

import org.nd4j.linalg.factory.Nd4j;

/**
 * Replaces a matrix by one that is nearly orthogonal: with the singular value decomposition X = U S
 * V', by U S' V' with S' about 1. Newton-Schulz steps as Jordan et al. 2024 chose them, in float32:
 *
 * <pre>
 * X0 = X / (|X| + 1e-7)                |X| is the Frobenius norm
 * X' = a X + (b A + c A A) X           A = X X', 5 times
 * </pre>
 *
 * <p>with a = 3.4445, b = -4.7750, c = 2.0315, which brings singular values from about 1e-3 to 1
 * into 0.7 to 1.2. Where there are more rows than columns it is the transpose that is multiplied.
 */
public abstract class Orthogonalization {
  static final int STEPS = 5;
  static final float A = 3.4445f;
  static final float B = -4.7750f;
  static final float C = 2.0315f;
  private static final double LEAST_NORM = 1e-7;

  /** What is right for ND4J's backend. */
  static Orthogonalization onThisDevice() {
    return Nd4j.getEnvironment().isCPU() ? new HostProducts() : new DeviceProducts();
  }

  /**
   * Orthogonalizes a matrix in place. A matrix of zeros stays one; NaN stays NaN.
   *
   * @param shape its shape
   * @param matrix its entries, in row order
   */
  public final void apply(MatrixShape shape, float[] matrix) {
    double squares = 0;
    for (float value : matrix) {
      squares += (double) value * value;
    }
    float factor = (float) (1 / (Math.sqrt(squares) + LEAST_NORM));
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] *= factor;
    }
    steps(shape, matrix);
  }

  /** Takes the steps on a matrix of norm 1. */
  abstract void steps(MatrixShape shape, float[] matrix);
}
