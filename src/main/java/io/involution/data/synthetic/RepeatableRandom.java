package io.involution.data.synthetic;

/**
 * A stream of random numbers that is the same on every Java version and processor: SplitMix64
 * (Steele, Lea and Flood, 2014) started from a mix of its keys.
 */
final class RepeatableRandom {
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private long state;

  /** Starts the stream of these keys; other keys give an unrelated stream. */
  RepeatableRandom(long... keys) {
    for (long key : keys) {
      state = mix(state + STEP + mix(key));
    }
  }

  /** The next 64 random bits. */
  long bits() {
    state += STEP;
    return mix(state);
  }

  /** An integer from 0 to {@code bound - 1}, for bounds up to 2^31 - 1. */
  int below(int bound) {
    return (int) (((bits() >>> 32) * bound) >>> 32);
  }

  /** A number from {@code low} (inclusive) to {@code high} (exclusive). */
  float between(float low, float high) {
    return low + (high - low) * ((bits() >>> 40) * 0x1p-24f);
  }

  /** Either -1 or 1. */
  int sign() {
    return bits() < 0 ? -1 : 1;
  }

  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
