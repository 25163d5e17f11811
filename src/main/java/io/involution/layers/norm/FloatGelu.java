package io.involution.layers.norm;

/**
 * GELU in float32 without exponentials, which the JIT of Java 17 does not vectorize. {@code P(z) -
 * 1/2}, P being the normal distribution function, and {@code GELU'(z) - 1/2} are odd functions of z
 * that end at 1/2: each is z times a polynomial in {@code v = z^2 * factor - 1}, which goes from -1
 * to 1, up to a limit of z beyond which it stays as it is. The coefficients are least-squares fits
 * at Chebyshev-like points, weighted anew until the largest error no longer shrank. P differs from
 * the normal distribution function by less than 1.2e-7 and is exactly 0 and 1 at the ends; the
 * slope differs from GELU's by less than 7e-7. Fused multiply-adds round once on every processor.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // the fits, whose last digits float32 rounds
final class FloatGelu {
  private static final float LIMIT = 5.199945f;
  private static final float FACTOR = 0.0739645f;
  private static final float SLOPE_LIMIT = 5.5f;
  private static final float SLOPE_FACTOR = 0.0661157f;

  private FloatGelu() {}

  /** values = GELU of them. */
  static void activate(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      float z = values[i];
      float t = Math.max(-LIMIT, Math.min(LIMIT, z));
      float v = Math.fma(t * t, FACTOR, -1f);
      float f = 2.1907162e-4f;
      f = Math.fma(f, v, -5.751562e-4f);
      f = Math.fma(f, v, 5.5026554e-4f);
      f = Math.fma(f, v, -9.410755e-4f);
      f = Math.fma(f, v, 0.0027213485f);
      f = Math.fma(f, v, -0.0051087867f);
      f = Math.fma(f, v, 0.007976831f);
      f = Math.fma(f, v, -0.012331673f);
      f = Math.fma(f, v, 0.01814326f);
      f = Math.fma(f, v, -0.024768876f);
      f = Math.fma(f, v, 0.031961128f);
      f = Math.fma(f, v, -0.039924826f);
      f = Math.fma(f, v, 0.050026163f);
      f = Math.fma(f, v, -0.06774382f);
      f = Math.fma(f, v, 0.13594998f);
      values[i] = z * (t * f + 0.5f);
    }
  }

  /** gradient *= GELU's slope at the values. */
  static void slopes(float[] gradient, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      float t = Math.max(-SLOPE_LIMIT, Math.min(SLOPE_LIMIT, values[i]));
      float v = Math.fma(t * t, SLOPE_FACTOR, -1f);
      float f = 0.0022823948f;
      f = Math.fma(f, v, -0.0058456548f);
      f = Math.fma(f, v, 0.003479369f);
      f = Math.fma(f, v, -0.003169654f);
      f = Math.fma(f, v, 0.017356796f);
      f = Math.fma(f, v, -0.032329056f);
      f = Math.fma(f, v, 0.03900621f);
      f = Math.fma(f, v, -0.049929824f);
      f = Math.fma(f, v, 0.06530287f);
      f = Math.fma(f, v, -0.074095316f);
      f = Math.fma(f, v, 0.07422867f);
      f = Math.fma(f, v, -0.068634145f);
      f = Math.fma(f, v, 0.060316153f);
      f = Math.fma(f, v, -0.05374429f);
      f = Math.fma(f, v, 0.053665172f);
      f = Math.fma(f, v, -0.065739706f);
      f = Math.fma(f, v, 0.1287592f);
      gradient[i] *= t * f + 0.5f;
    }
  }
}
