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
    switch (function) {
      case RELU -> cut(values, count);
      case GELU -> FloatGelu.activate(values, count);
      default -> {}
    }
  }

  private static void cut(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = Math.max(0f, values[i]);
    }
  }

  @Override
  public void slopes(float[] gradient, float[] values, Nonlinearity function, int count) {
    switch (function) {
      case RELU -> pass(gradient, values, count);
      case GELU -> FloatGelu.slopes(gradient, values, count);
      default -> {}
    }
  }

  /** gradient *= 1 where the values are above 0, else 0. */
  private static void pass(float[] gradient, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      // A branch would keep the loop scalar. A value below 3e-39 passes only in part, which does
      // not matter.
      gradient[i] *= Math.max(0f, Math.min(1f, values[i] * Float.MAX_VALUE));
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
