package io.involution.model;

/** Numbers to compare by their bits: -0 is not 0, and one NaN not another. */
public final class FloatBits {
  private FloatBits() {}

  /** The bits of each number. */
  public static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
