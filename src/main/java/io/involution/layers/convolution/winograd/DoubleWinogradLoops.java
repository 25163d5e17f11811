package io.involution.layers.convolution.winograd;

import io.involution.layers.convolution.Winners;

/**
 * {@link WinogradLoops} of float64, for gradient checks: plain, where those of float32 are fast.
 */
final class DoubleWinogradLoops implements WinogradLoops<double[]> {
  @Override
  public void combine(double[] to, Two<double[]> terms, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = terms.a() * terms.x()[i] + terms.b() * terms.y()[i];
    }
  }

  @Override
  public void combine(double[] to, Three<double[]> terms, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = terms.a() * terms.x()[i] + terms.b() * terms.y()[i] + terms.c() * terms.z()[i];
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
    for (int i = 0; i < count; i++) {
      double even = parts.x()[i] + parts.a() * parts.y()[i];
      double odd = parts.b() * parts.z()[i] + parts.c() * parts.w()[i];
      plus[i] = even + odd;
      minus[i] = even - odd;
    }
  }

  @Override
  public void gather(Indexed<double[]> from, double[] to, int at, int count) {
    for (int t = 0; t < count; t++) {
      to[at + t] = from.array()[from.place(t)];
    }
  }

  @Override
  public void scatter(double[] from, int at, Indexed<double[]> to, int count) {
    for (int t = 0; t < count; t++) {
      to.array()[to.place(t)] = from[at + t];
    }
  }

  @Override
  public void addScattered(double[] from, int at, Indexed<double[]> to, int count) {
    for (int t = 0; t < count; t++) {
      to.array()[to.place(t)] += from[at + t];
    }
  }

  @Override
  public void activate(double[] line, Outputs outputs, byte[] winners, int count) {
    for (int i = 0; i < count; i++) {
      double value = line[outputs.at() + i] + outputs.bias();
      line[outputs.at() + i] = Math.max(value, outputs.floor());
      winners[outputs.winner() + i] = Winners.mark(value, outputs.floor(), 0);
    }
  }

  @Override
  public void activatePooled(Window<double[]> window, Outputs outputs, byte[] winners, int count) {
    for (int i = outputs.at(); i < outputs.at() + count; i++) {
      double a = window.upperLeft()[i];
      double b = window.upperRight()[i];
      double c = window.lowerLeft()[i];
      double d = window.lowerRight()[i];
      double value = Winners.largest(a, b, c, d) + outputs.bias();
      window.upperLeft()[i] = Math.max(value, outputs.floor());
      winners[outputs.winner() + i - outputs.at()] =
          Winners.mark(value, outputs.floor(), Winners.place(a, b, c, d));
    }
  }

  @Override
  public double deactivate(double[] gradients, Outputs outputs, byte[] winners, int count) {
    int at = outputs.at();
    for (int i = 0; i < count; i++) {
      boolean active = winners[outputs.winner() + i] != Winners.INACTIVE;
      gradients[at + i] = active ? gradients[at + i] : 0;
    }
    return Winners.sum(gradients, at, count);
  }

  @Override
  public double deactivatePooled(
      Window<double[]> window, Outputs outputs, byte[] winners, int count) {
    double sum = deactivate(window.upperLeft(), outputs, winners, count);
    for (int i = outputs.at(); i < outputs.at() + count; i++) {
      double gradient = window.upperLeft()[i];
      int best = winners[outputs.winner() + i - outputs.at()];
      window.upperLeft()[i] = best == 0 ? gradient : 0;
      window.upperRight()[i] = best == 1 ? gradient : 0;
      window.lowerLeft()[i] = best == 2 ? gradient : 0;
      window.lowerRight()[i] = best == 3 ? gradient : 0;
    }
    return sum;
  }
}
