package io.involution.layers.array;

/**
 * Sums over float32 arrays. Each is computed as four partial sums, one for every fourth element,
 * which are added in float64. This order is fixed, so the JIT cannot vectorize it, and each
 * addition waits for the previous one. Therefore one loop computes several sums together.
 */
public final class FloatSums {
  private FloatSums() {}

  /** The sum of the elements from start to end. */
  public static double sum(float[] values, int start, int end) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = start;
    for (; i + 3 < end; i += 4) {
      sum0 += values[i];
      sum1 += values[i + 1];
      sum2 += values[i + 2];
      sum3 += values[i + 3];
    }
    double sum = (double) (sum0 + sum1) + (sum2 + sum3);
    for (; i < end; i++) {
      sum += values[i];
    }
    return sum;
  }

  /** The sum of the products from start to end. */
  public static double dot(float[] left, float[] right, int start, int end) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = start;
    for (; i + 3 < end; i += 4) {
      sum0 += left[i] * right[i];
      sum1 += left[i + 1] * right[i + 1];
      sum2 += left[i + 2] * right[i + 2];
      sum3 += left[i + 3] * right[i + 3];
    }
    double sum = (double) (sum0 + sum1) + (sum2 + sum3);
    for (; i < end; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  /** Adds {@link #dot} of one line with each of the others to totals, from {@code at} on. */
  public static void addDots(
      double[] totals, int at, float[] left, float[][] right, int start, int end) {
    if (right.length == 3) {
      addThreeDots(totals, at, left, right, start, end);
      return;
    }
    for (int line = 0; line < right.length; line++) {
      totals[at + line] += dot(left, right[line], start, end);
    }
  }

  private static void addThreeDots(
      double[] totals, int at, float[] left, float[][] right, int start, int end) {
    float[] first = right[0];
    float[] second = right[1];
    float[] third = right[2];
    float first0 = 0;
    float first1 = 0;
    float first2 = 0;
    float first3 = 0;
    float second0 = 0;
    float second1 = 0;
    float second2 = 0;
    float second3 = 0;
    float third0 = 0;
    float third1 = 0;
    float third2 = 0;
    float third3 = 0;
    int i = start;
    for (; i + 3 < end; i += 4) {
      float left0 = left[i];
      float left1 = left[i + 1];
      float left2 = left[i + 2];
      float left3 = left[i + 3];
      first0 += left0 * first[i];
      first1 += left1 * first[i + 1];
      first2 += left2 * first[i + 2];
      first3 += left3 * first[i + 3];
      second0 += left0 * second[i];
      second1 += left1 * second[i + 1];
      second2 += left2 * second[i + 2];
      second3 += left3 * second[i + 3];
      third0 += left0 * third[i];
      third1 += left1 * third[i + 1];
      third2 += left2 * third[i + 2];
      third3 += left3 * third[i + 3];
    }
    double firstSum = (double) (first0 + first1) + (first2 + first3);
    double secondSum = (double) (second0 + second1) + (second2 + second3);
    double thirdSum = (double) (third0 + third1) + (third2 + third3);
    for (; i < end; i++) {
      firstSum += left[i] * first[i];
      secondSum += left[i] * second[i];
      thirdSum += left[i] * third[i];
    }
    totals[at] += firstSum;
    totals[at + 1] += secondSum;
    totals[at + 2] += thirdSum;
  }
}
