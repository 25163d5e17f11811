package io.involution.cuda.update;

import io.involution.optimizer.MatrixShape;

/**
 * A matrix that Muon trains.
 *
 * @param parameter index of its first entry in the parameter vector
 * @param shape its shape
 * @param way which of the network's ways of changing parameters has its step size and momentum
 */
record MuonMatrix(int parameter, MatrixShape shape, int way) {
  /** The smaller side. */
  int side() {
    return Math.min(shape.rows(), shape.columns());
  }
}
