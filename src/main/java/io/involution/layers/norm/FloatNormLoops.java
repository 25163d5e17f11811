package io.involution.layers.norm;

import java.util.Arrays;

/**
 * {@link NormLoops} of float32: loops that the JIT of Java 17 vectorizes, see {@link
 * io.involution.layers.array.FloatLoops}.
 */
final class FloatNormLoops implements NormLoops<float[]> {
  @Override
  public void fill(float[] values, int start, int end, double value) {
    Arrays.fill(values, start, end, (float) value);
  }

  @Override
  public double sum(float[] values, int start, int end) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = start;
    for (; i + 3 < end; i += 4) {
      sum0 += values[i];
      sum1 += values[i + 1];
      sum2 += values[i + 2];
      sum3 += values[i + 3];
    }
    for (; i < end; i++) {
      sum0 += values[i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  @Override
  public void addMoments(float[] sums, float[] squares, float[] values, float[] offset, int count) {
    for (int i = 0; i < count; i++) {
      float difference = values[i] - offset[i];
      sums[i] += difference;
      squares[i] += difference * difference;
    }
  }

  @Override
  public void normalize(float[] to, NormLines<float[]> lines, int count) {
    float[] input = lines.input;
    float[] center = lines.center;
    float[] scale = lines.scale;
    float[] shift = lines.shift;
    for (int i = 0; i < count; i++) {
      to[i] = scale[i] * (input[i] - center[i]) + shift[i];
    }
  }

  @Override
  public void add(float[] to, float[] more, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += more[i];
    }
  }

  @Override
  public void activate(float[] values, Nonlinearity function, int count) {
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (function) {
            case IDENTITY -> values[i];
            case RELU -> Math.max(0, values[i]);
            case GELU -> (float) (values[i] * NormalDistribution.below(values[i]));
          };
    }
  }

  @Override
  public void slopes(float[] gradient, float[] values, Nonlinearity function, int count) {
    for (int i = 0; i < count; i++) {
      float z = values[i];
      gradient[i] *=
          switch (function) {
            case IDENTITY -> 1;
            case RELU -> z > 0 ? 1 : 0;
            case GELU -> (float) (NormalDistribution.below(z) + z * NormalDistribution.density(z));
          };
    }
  }

  @Override
  public void addSums(NormLines<float[]> lines, int count) {
    float[] sums = lines.sums;
    float[] products = lines.products;
    float[] gradient = lines.gradient;
    float[] input = lines.input;
    float[] center = lines.center;
    for (int i = 0; i < count; i++) {
      float value = gradient[i];
      sums[i] += value;
      products[i] += value * (input[i] - center[i]);
    }
  }

  @Override
  public void inputGradient(float[] to, NormLines<float[]> lines, int count) {
    float[] gradient = lines.gradient;
    float[] input = lines.input;
    float[] center = lines.center;
    float[] scale = lines.scale;
    float[] constant = lines.constant;
    float[] slope = lines.slope;
    for (int i = 0; i < count; i++) {
      to[i] = scale[i] * (gradient[i] - constant[i] - slope[i] * (input[i] - center[i]));
    }
  }
}
