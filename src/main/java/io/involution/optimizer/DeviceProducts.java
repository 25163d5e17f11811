package io.involution.optimizer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The Newton-Schulz steps by ND4J's operations, for its GPU backend. */
final class DeviceProducts extends Orthogonalization {
  @Override
  void steps(MatrixShape shape, float[] matrix) {
    INDArray given = Nd4j.createFromArray(matrix).reshape('c', shape.rows(), shape.columns());
    boolean tall = shape.rows() > shape.columns();
    INDArray x = tall ? given.transpose().dup('c') : given;
    for (int step = 0; step < STEPS; step++) {
      INDArray a = x.mmul(x.transpose());
      INDArray polynomial = a.mul(B).addi(a.mmul(a).muli(C));
      x = x.mul(A).addi(polynomial.mmul(x));
    }
    INDArray result = (tall ? x.transpose() : x).dup('c');
    System.arraycopy(result.reshape(result.length()).toFloatVector(), 0, matrix, 0, matrix.length);
  }
}
