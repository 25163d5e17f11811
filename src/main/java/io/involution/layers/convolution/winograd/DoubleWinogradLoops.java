package io.involution.layers.convolution.winograd;

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
}
