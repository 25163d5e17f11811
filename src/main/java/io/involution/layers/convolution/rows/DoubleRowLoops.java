package io.involution.layers.convolution.rows;

import io.involution.layers.convolution.Winners;

/** {@link RowLoops} of float64, for gradient checks: plain, where those of float32 are fast. */
final class DoubleRowLoops implements RowLoops<double[]> {
  @Override
  public void activate(double[] products, OutputRow row, double[] outputs, byte[] winners) {
    int step = row.pool ? 2 : 1;
    for (int i = 0; i < row.count; i++) {
      int at = row.top + step * i;
      double value = products[at];
      int place = 0;
      if (row.pool) {
        double right = products[at + 1];
        double lower = products[row.bottom + 2 * i];
        double lowerRight = products[row.bottom + 2 * i + 1];
        place = Winners.place(value, right, lower, lowerRight);
        value = Winners.largest(value, right, lower, lowerRight);
      }
      value += row.bias;
      outputs[row.output + i] = Math.max(value, row.floor);
      winners[row.winner + i] = Winners.mark(value, row.floor, place);
    }
  }

  @Override
  public double deactivate(
      double[] outputGradients, OutputRow row, double[] productGradients, byte[] winners) {
    int step = row.pool ? 2 : 1;
    for (int i = 0; i < row.count; i++) {
      int best = winners[row.winner + i];
      double gradient = best == Winners.INACTIVE ? 0 : outputGradients[row.output + i];
      outputGradients[row.output + i] = gradient;
      int line = (best & 2) == 0 ? row.top : row.bottom;
      productGradients[line + step * i + (best & 1)] = gradient;
    }
    return Winners.sum(outputGradients, row.output, row.count);
  }
}
