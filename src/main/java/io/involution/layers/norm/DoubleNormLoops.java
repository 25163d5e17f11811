package io.involution.layers.norm;

import java.util.Arrays;

/** {@link NormLoops} of float64, for gradient checks. */
final class DoubleNormLoops implements NormLoops<double[]> {
  @Override
  public void fill(double[] values, int start, int end, double value) {
    Arrays.fill(values, start, end, value);
  }

  @Override
  public double sum(double[] values, int start, int end) {
    double sum = 0;
    for (int i = start; i < end; i++) {
      sum += values[i];
    }
    return sum;
  }

  @Override
  public void addMoments(
      double[] sums, double[] squares, double[] values, double[] offset, int count) {
    for (int i = 0; i < count; i++) {
      double difference = values[i] - offset[i];
      sums[i] += difference;
      squares[i] += difference * difference;
    }
  }

  @Override
  public void normalize(double[] to, NormLines<double[]> lines, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = lines.scale[i] * (lines.input[i] - lines.center[i]) + lines.shift[i];
    }
  }

  @Override
  public void add(double[] to, double[] more, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += more[i];
    }
  }

  @Override
  public void activate(double[] values, Nonlinearity function, int count) {
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (function) {
            case IDENTITY -> values[i];
            case RELU -> Math.max(0, values[i]);
            case GELU -> values[i] * NormalDistribution.below(values[i]);
          };
    }
  }

  @Override
  public void slopes(double[] gradient, double[] values, Nonlinearity function, int count) {
    for (int i = 0; i < count; i++) {
      double z = values[i];
      gradient[i] *=
          switch (function) {
            case IDENTITY -> 1;
            case RELU -> z > 0 ? 1 : 0;
            case GELU -> NormalDistribution.below(z) + z * NormalDistribution.density(z);
          };
    }
  }

  @Override
  public void addSums(NormLines<double[]> lines, int count) {
    for (int i = 0; i < count; i++) {
      lines.sums[i] += lines.gradient[i];
      lines.products[i] += lines.gradient[i] * (lines.input[i] - lines.center[i]);
    }
  }

  @Override
  public void inputGradient(double[] to, NormLines<double[]> lines, int count) {
    for (int i = 0; i < count; i++) {
      double along = lines.slope[i] * (lines.input[i] - lines.center[i]);
      to[i] = lines.scale[i] * (lines.gradient[i] - lines.constant[i] - along);
    }
  }
}
