package io.involution.bench.contender;

import java.util.SplittableRandom;

/** Glorot-uniform weights, the same whoever asks for them in the same order. */
final class InitialWeights {
  private final SplittableRandom random = new SplittableRandom(42);

  /** Draws a number of weights of a layer, given its inputs and outputs per unit. */
  float[] glorot(int length, int fanIn, int fanOut) {
    double bound = Math.sqrt(6.0 / (fanIn + fanOut));
    float[] weights = new float[length];
    for (int i = 0; i < length; i++) {
      weights[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return weights;
  }

  /** So many times the same number. */
  static float[] filled(int length, float value) {
    float[] values = new float[length];
    java.util.Arrays.fill(values, value);
    return values;
  }
}
