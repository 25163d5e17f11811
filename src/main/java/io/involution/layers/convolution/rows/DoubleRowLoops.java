package io.involution.layers.convolution.rows;

import io.involution.layers.convolution.Winners;

/** {@link RowLoops} of double64. */
final class DoubleRowLoops implements RowLoops<double[]> {
  @Override
  public void activate(double[] products, OutputRow row, double[] outputs, byte[] winners) {
    if (row.pool) {
      activatePooled(products, row, outputs, winners);
      return;
    }
    double bias = row.bias;
    double floor = row.floor;
    int top = row.top;
    int output = row.output;
    int winner = row.winner;
    int count = row.count;
    for (int i = 0; i < count; i++) {
      double value = products[top + i] + bias;
      outputs[output + i] = Math.max(value, floor);
      winners[winner + i] = Winners.mark(value, floor, 0);
    }
  }

  /** Choices between values are maxima and those between numbers conditional moves: no branches. */
  private static void activatePooled(
      double[] products, OutputRow row, double[] outputs, byte[] winners) {
    double bias = row.bias;
    double floor = row.floor;
    int top = row.top;
    int bottom = row.bottom;
    int output = row.output;
    int winner = row.winner;
    int count = row.count;
    for (int i = 0; i < count; i++) {
      double a = products[top + 2 * i];
      double b = products[top + 2 * i + 1];
      double c = products[bottom + 2 * i];
      double d = products[bottom + 2 * i + 1];
      double value = Winners.largest(a, b, c, d) + bias;
      outputs[output + i] = Math.max(value, floor);
      winners[winner + i] = Winners.mark(value, floor, Winners.place(a, b, c, d));
    }
  }

  @Override
  public double deactivate(
      double[] outputGradients, OutputRow row, double[] productGradients, byte[] winners) {
    int count = row.count;
    int top = row.top;
    int step = row.pool ? 2 : 1;
    int down = row.bottom - top;
    int output = row.output;
    int winner = row.winner;
    for (int i = 0; i < count; i++) {
      int best = winners[winner + i];
      double gradient = Winners.keep(outputGradients[output + i], (best >> 2) - 1);
      outputGradients[output + i] = gradient;
      productGradients[top + step * i + (best & 1) + ((best >> 1) & 1) * down] = gradient;
    }
    return Winners.sum(outputGradients, output, count);
  }
}
