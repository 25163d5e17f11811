package io.involution.layers.array;

/**
 * Sums of products of float32 lines, element by element, over a range that is the same in all of
 * them. At most three products a loop: the JIT of Java 17 does not vectorize larger loops, see
 * {@link FloatLoops}.
 */
public final class FloatProducts {
  private FloatProducts() {}

  /** to = the sum of left * right over the first lines, at least one, from start to end. */
  public static void set(
      float[] to, float[][] left, float[][] right, int lines, int start, int end) {
    switch (lines) {
      case 1 -> setOne(to, left[0], right[0], start, end);
      case 2 -> setTwo(to, left, right, start, end);
      default -> {
        setThree(to, left, right, start, end);
        addFrom(3, to, left, right, lines, start, end);
      }
    }
  }

  /** to += the sum of left * right over the first lines, from start to end. */
  public static void add(
      float[] to, float[][] left, float[][] right, int lines, int start, int end) {
    addFrom(0, to, left, right, lines, start, end);
  }

  private static void addFrom(
      int first, float[] to, float[][] left, float[][] right, int lines, int start, int end) {
    int line = first;
    for (; line + 2 < lines; line += 3) {
      addThree(to, left, right, line, start, end);
    }
    if (line + 1 < lines) {
      addTwo(to, left, right, line, start, end);
    } else if (line < lines) {
      addOne(to, left[line], right[line], start, end);
    }
  }

  private static void setOne(float[] to, float[] left, float[] right, int start, int end) {
    for (int i = start; i < end; i++) {
      to[i] = left[i] * right[i];
    }
  }

  private static void setTwo(float[] to, float[][] left, float[][] right, int start, int end) {
    float[] left1 = left[0];
    float[] left2 = left[1];
    float[] right1 = right[0];
    float[] right2 = right[1];
    for (int i = start; i < end; i++) {
      to[i] = left1[i] * right1[i] + left2[i] * right2[i];
    }
  }

  private static void setThree(float[] to, float[][] left, float[][] right, int start, int end) {
    float[] left1 = left[0];
    float[] left2 = left[1];
    float[] left3 = left[2];
    float[] right1 = right[0];
    float[] right2 = right[1];
    float[] right3 = right[2];
    for (int i = start; i < end; i++) {
      to[i] = left1[i] * right1[i] + left2[i] * right2[i] + left3[i] * right3[i];
    }
  }

  private static void addOne(float[] to, float[] left, float[] right, int start, int end) {
    for (int i = start; i < end; i++) {
      to[i] += left[i] * right[i];
    }
  }

  private static void addTwo(
      float[] to, float[][] left, float[][] right, int line, int start, int end) {
    float[] left1 = left[line];
    float[] left2 = left[line + 1];
    float[] right1 = right[line];
    float[] right2 = right[line + 1];
    for (int i = start; i < end; i++) {
      to[i] += left1[i] * right1[i] + left2[i] * right2[i];
    }
  }

  private static void addThree(
      float[] to, float[][] left, float[][] right, int line, int start, int end) {
    float[] left1 = left[line];
    float[] left2 = left[line + 1];
    float[] left3 = left[line + 2];
    float[] right1 = right[line];
    float[] right2 = right[line + 1];
    float[] right3 = right[line + 2];
    for (int i = start; i < end; i++) {
      to[i] += left1[i] * right1[i] + left2[i] * right2[i] + left3[i] * right3[i];
    }
  }

  /** to += the sum of the lines from the first on, from 0 to count. */
  public static void addLines(float[] to, float[][] lines, int first, int count) {
    int line = first;
    for (; line + 2 < lines.length; line += 3) {
      addThreeLines(to, lines[line], lines[line + 1], lines[line + 2], count);
    }
    for (; line < lines.length; line++) {
      FloatLoops.addScaled(to, 1f, lines[line], 0, count);
    }
  }

  private static void addThreeLines(
      float[] to, float[] first, float[] second, float[] third, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += first[i] + second[i] + third[i];
    }
  }
}
