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
      float f = 0.000219071619f;
      f = Math.fma(f, v, -0.000575156184f);
      f = Math.fma(f, v, 0.00055026554f);
      f = Math.fma(f, v, -0.000941075501f);
      f = Math.fma(f, v, 0.00272134854f);
      f = Math.fma(f, v, -0.00510878675f);
      f = Math.fma(f, v, 0.00797683094f);
      f = Math.fma(f, v, -0.0123316729f);
      f = Math.fma(f, v, 0.0181432609f);
      f = Math.fma(f, v, -0.0247688759f);
      f = Math.fma(f, v, 0.0319611281f);
      f = Math.fma(f, v, -0.0399248265f);
      f = Math.fma(f, v, 0.0500261635f);
      f = Math.fma(f, v, -0.0677438229f);
      f = Math.fma(f, v, 0.135949984f);
      values[i] = z * (t * f + 0.5f);
    }
  }

  /** gradient *= GELU's slope at the values. */
  static void slopes(float[] gradient, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      float t = Math.max(-SLOPE_LIMIT, Math.min(SLOPE_LIMIT, values[i]));
      float v = Math.fma(t * t, SLOPE_FACTOR, -1f);
      float f = 0.00228239479f;
      f = Math.fma(f, v, -0.00584565476f);
      f = Math.fma(f, v, 0.00347936898f);
      f = Math.fma(f, v, -0.00316965394f);
      f = Math.fma(f, v, 0.0173567962f);
      f = Math.fma(f, v, -0.0323290564f);
      f = Math.fma(f, v, 0.0390062109f);
      f = Math.fma(f, v, -0.0499298237f);
      f = Math.fma(f, v, 0.0653028712f);
      f = Math.fma(f, v, -0.0740953162f);
      f = Math.fma(f, v, 0.0742286667f);
      f = Math.fma(f, v, -0.068634145f);
      f = Math.fma(f, v, 0.0603161529f);
      f = Math.fma(f, v, -0.05374429f);
      f = Math.fma(f, v, 0.0536651723f);
      f = Math.fma(f, v, -0.0657397062f);
      f = Math.fma(f, v, 0.128759205f);
      gradient[i] *= t * f + 0.5f;
    }
  }
}
