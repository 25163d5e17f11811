package io.involution.layers.norm;

/** The standard normal distribution in float64. */
final class NormalDistribution {
  private static final double DENSITY_AT_0 = 1 / Math.sqrt(2 * Math.PI);

  /** Beyond it the distribution is 0 or 1 in float64. */
  private static final double FAR = 38.5;

  /** Up to here the series needs few terms; then the continued fraction does. */
  private static final double NEAR = 3;

  private static final int FRACTIONS = 120;

  private NormalDistribution() {}

  /** The density at z. */
  static double density(double z) {
    return DENSITY_AT_0 * Math.exp(-z * z / 2);
  }

  /**
   * The probability of a value below z: near 0 by the series 1/2 + density(z) * (z + z^3/3 +
   * z^5/(3*5) + ...), else by the continued fraction of the tail, density(z) / (z + 1/(z + 2/(z +
   * 3/(z + ...)))) (Abramowitz and Stegun 26.2.11 and 26.2.14).
   */
  static double below(double z) {
    double size = Math.abs(z);
    if (size < NEAR) {
      double term = z;
      double sum = z;
      for (int odd = 3; Math.abs(term) > Math.ulp(sum) / 2; odd += 2) {
        term *= z * z / odd;
        sum += term;
      }
      return 0.5 + sum * density(z);
    }
    if (!(size < FAR)) {
      return z < 0 ? 0 : z > 0 ? 1 : z;
    }
    double fraction = size;
    for (int i = FRACTIONS; i > 0; i--) {
      fraction = size + i / fraction;
    }
    double tail = density(size) / fraction;
    return z < 0 ? tail : 1 - tail;
  }
}
