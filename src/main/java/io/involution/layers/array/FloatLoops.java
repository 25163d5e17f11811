package io.involution.layers.array;

import java.util.Arrays;

/**
 * Loops over float32 arrays. All arrays of a loop have the same index, and each loop uses few
 * arrays, because the JIT of Java 17 vectorizes a loop only then: arrays of one type that are read
 * at different offsets might overlap, and large bodies are not unrolled. So lines are first copied
 * to where they are needed, which costs a tenth of what a scalar loop would.
 */
public final class FloatLoops {
  private FloatLoops() {}

  /** to = max(0, scale * from + shift). */
  public static void normalize(float[] to, float scale, float shift, float[] from, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = Math.max(0f, scale * from[i] + shift);
    }
  }

  /** to = the sum of all lines, each times its factor, from start to end. */
  public static void combine(float[] to, float[] factors, float[][] lines, int start, int end) {
    if (factors.length == 3) {
      combineThree(to, factors, lines, start, end);
      return;
    }
    Arrays.fill(to, start, end, 0f);
    for (int line = 0; line < factors.length; line++) {
      addScaled(to, factors[line], lines[line], start, end);
    }
  }

  private static void combineThree(
      float[] to, float[] factors, float[][] lines, int start, int end) {
    float[] first = lines[0];
    float[] second = lines[1];
    float[] third = lines[2];
    float one = factors[0];
    float two = factors[1];
    float three = factors[2];
    for (int i = start; i < end; i++) {
      // Starts from 0 like the loop for any number of lines, so that a sum of zeros has the same
      // sign.
      to[i] = 0f + one * first[i] + two * second[i] + three * third[i];
    }
  }

  /** to += factor * from, from start to end. */
  public static void addScaled(float[] to, float factor, float[] from, int start, int end) {
    for (int i = start; i < end; i++) {
      to[i] += factor * from[i];
    }
  }

  /** to += the sum of three taps' planes, each times its factor. */
  static void addThree(float[] to, float[] factors, int tap, float[][] planes, int count) {
    float[] first = planes[tap];
    float[] second = planes[tap + 1];
    float[] third = planes[tap + 2];
    float one = factors[tap];
    float two = factors[tap + 1];
    float three = factors[tap + 2];
    for (int i = 0; i < count; i++) {
      to[i] += one * first[i] + two * second[i] + three * third[i];
    }
  }

  /** to += the sum of all taps' planes, each times its factor. */
  public static void addAll(float[] to, float[] factors, float[][] planes, int count) {
    int tap = 0;
    for (; tap + 2 < factors.length; tap += 3) {
      addThree(to, factors, tap, planes, count);
    }
    for (; tap < factors.length; tap++) {
      addScaled(to, factors[tap], planes[tap], 0, count);
    }
  }

  /** to += left * right. */
  public static void addProduct(float[] to, float[] left, float[] right, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += left[i] * right[i];
    }
  }

  /** to = left * right. */
  public static void product(float[] to, float[] left, float[] right, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = left[i] * right[i];
    }
  }

  /** to += plane * kernel of one tap, which is weight * activated + bias. */
  public static void addPatch(
      float[] to, float weight, float bias, float[] activated, float[] plane, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += (weight * activated[i] + bias) * plane[i];
    }
  }

  /** The same for three taps at once. */
  public static void addThreePatches(
      float[] to, float[] weights, float[] biases, int tap, float[] activated, float[][] planes) {
    float[] first = planes[tap];
    float[] second = planes[tap + 1];
    float[] third = planes[tap + 2];
    float weight1 = weights[tap];
    float weight2 = weights[tap + 1];
    float weight3 = weights[tap + 2];
    float bias1 = biases[tap];
    float bias2 = biases[tap + 1];
    float bias3 = biases[tap + 2];
    for (int i = 0; i < to.length; i++) {
      float z = activated[i];
      to[i] +=
          (weight1 * z + bias1) * first[i]
              + (weight2 * z + bias2) * second[i]
              + (weight3 * z + bias3) * third[i];
    }
  }

  /** Adds to each line the product of one on the left and the factors. */
  public static void addWeighted(float[][] to, float[][] left, float[] factors, int count) {
    int line = 0;
    for (; line + 1 < to.length; line += 2) {
      addTwoWeighted(to, left, line, factors, count);
    }
    if (line < to.length) {
      addProduct(to[line], left[line], factors, count);
    }
  }

  private static void addTwoWeighted(
      float[][] to, float[][] left, int line, float[] factors, int count) {
    float[] to1 = to[line];
    float[] to2 = to[line + 1];
    float[] left1 = left[line];
    float[] left2 = left[line + 1];
    for (int i = 0; i < count; i++) {
      float factor = factors[i];
      to1[i] += left1[i] * factor;
      to2[i] += left2[i] * factor;
    }
  }

  /** to = from - value, from start to end. */
  public static void subtract(float[] to, float[] from, float value, int start, int end) {
    for (int i = start; i < end; i++) {
      to[i] = from[i] - value;
    }
  }

  /** sums += values and products += values * factors. */
  public static void gather(
      float[] sums, float[] products, float[] values, float[] factors, int count) {
    for (int i = 0; i < count; i++) {
      float value = values[i];
      sums[i] += value;
      products[i] += value * factors[i];
    }
  }

  /** Sets values to 0 where gate is 0; gate is never negative. */
  public static void cut(float[] values, float[] gate, int count) {
    for (int i = 0; i < count; i++) {
      // A branch would keep the loop scalar. A gate below 3e-39 passes only in part, which does not
      // matter.
      values[i] *= Math.min(1f, gate[i] * Float.MAX_VALUE);
    }
  }

  /** to = (from - mean) * mask. */
  public static void center(
      float[] to, float[] from, float mean, float[] mask, int start, int end) {
    for (int i = start; i < end; i++) {
      to[i] = (from[i] - mean) * mask[i];
    }
  }

  /** The BatchNorm's backward pass in place: scale * (gradient - constant - slope * (r - mean)). */
  public static void normGradient(
      float[] gradient, float[] reduced, float[] coefficients, int start, int end) {
    float scale = coefficients[0];
    float constant = coefficients[1];
    float slope = coefficients[2];
    float mean = coefficients[3];
    for (int i = start; i < end; i++) {
      gradient[i] = scale * (gradient[i] - constant - slope * (reduced[i] - mean));
    }
  }
}
