package io.involution.layers.convolution.winograd;

import io.involution.layers.convolution.Winners;

/** {@link WinogradLoops} of float64. */
final class DoubleWinogradLoops implements WinogradLoops<double[]> {
  @Override
  public void combine(double[] to, Two<double[]> terms, int count) {
    double[] x = terms.x();
    double[] y = terms.y();
    double a = terms.a();
    double b = terms.b();
    for (int i = 0; i < count; i++) {
      to[i] = a * x[i] + b * y[i];
    }
  }

  @Override
  public void combine(double[] to, Three<double[]> terms, int count) {
    double[] x = terms.x();
    double[] y = terms.y();
    double[] z = terms.z();
    double a = terms.a();
    double b = terms.b();
    double c = terms.c();
    for (int i = 0; i < count; i++) {
      to[i] = a * x[i] + b * y[i] + c * z[i];
    }
  }

  @Override
  public void sumAndDifference(
      double[] sum, double[] difference, double[] x, double[] y, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] = x[i] + y[i];
      difference[i] = x[i] - y[i];
    }
  }

  @Override
  public void butterfly(double[] plus, double[] minus, EvenAndOdd<double[]> parts, int count) {
    double[] x = parts.x();
    double[] y = parts.y();
    double[] z = parts.z();
    double[] w = parts.w();
    double a = parts.a();
    double b = parts.b();
    double c = parts.c();
    for (int i = 0; i < count; i++) {
      double even = x[i] + a * y[i];
      double odd = b * z[i] + c * w[i];
      plus[i] = even + odd;
      minus[i] = even - odd;
    }
  }

  @Override
  public void gather(Indexed<double[]> from, double[] to, int at, int count) {
    double[] array = from.array();
    int[] places = from.places().of;
    int shift = from.shift();
    for (int t = 0; t < count; t++) {
      to[at + t] = array[places[t] + shift];
    }
  }

  @Override
  public void scatter(double[] from, int at, Indexed<double[]> to, int count) {
    double[] array = to.array();
    int[] places = to.places().of;
    int shift = to.shift();
    for (int t = 0; t < count; t++) {
      array[places[t] + shift] = from[at + t];
    }
  }

  @Override
  public void addScattered(double[] from, int at, Indexed<double[]> to, int count) {
    double[] array = to.array();
    int[] places = to.places().of;
    int shift = to.shift();
    for (int t = 0; t < count; t++) {
      array[places[t] + shift] += from[at + t];
    }
  }

  @Override
  public void activate(double[] line, Outputs outputs, byte[] winners, int count) {
    double bias = outputs.bias();
    double floor = outputs.floor();
    int at = outputs.at();
    int winner = outputs.winner();
    for (int i = 0; i < count; i++) {
      double value = line[at + i] + bias;
      line[at + i] = Math.max(value, floor);
      winners[winner + i] = Winners.mark(value, floor, 0);
    }
  }

  @Override
  public void activatePooled(Window<double[]> window, Outputs outputs, byte[] winners, int count) {
    double[] upperLeft = window.upperLeft();
    double[] upperRight = window.upperRight();
    double[] lowerLeft = window.lowerLeft();
    double[] lowerRight = window.lowerRight();
    double bias = outputs.bias();
    double floor = outputs.floor();
    int at = outputs.at();
    int winner = outputs.winner();
    for (int i = 0; i < count; i++) {
      double a = upperLeft[at + i];
      double b = upperRight[at + i];
      double c = lowerLeft[at + i];
      double d = lowerRight[at + i];
      double value = Winners.largest(a, b, c, d) + bias;
      upperLeft[at + i] = Math.max(value, floor);
      winners[winner + i] = Winners.mark(value, floor, Winners.place(a, b, c, d));
    }
  }

  @Override
  public double deactivate(double[] gradients, Outputs outputs, byte[] winners, int count) {
    int at = outputs.at();
    int winner = outputs.winner();
    for (int i = 0; i < count; i++) {
      gradients[at + i] = Winners.keep(gradients[at + i], (winners[winner + i] >> 2) - 1);
    }
    return Winners.sum(gradients, at, count);
  }

  @Override
  public double deactivatePooled(
      Window<double[]> window, Outputs outputs, byte[] winners, int count) {
    double[] upperLeft = window.upperLeft();
    double[] upperRight = window.upperRight();
    double[] lowerLeft = window.lowerLeft();
    double[] lowerRight = window.lowerRight();
    double sum = deactivate(upperLeft, outputs, winners, count);
    int at = outputs.at();
    int winner = outputs.winner();
    for (int i = 0; i < count; i++) {
      double gradient = upperLeft[at + i];
      int best = winners[winner + i];
      upperLeft[at + i] = Winners.keep(gradient, (best - 1) >> 31);
      upperRight[at + i] = Winners.keep(gradient, ((best ^ 1) - 1) >> 31);
      lowerLeft[at + i] = Winners.keep(gradient, ((best ^ 2) - 1) >> 31);
      lowerRight[at + i] = Winners.keep(gradient, ((best ^ 3) - 1) >> 31);
    }
    return sum;
  }
}
