package io.involution.train.time;

import java.util.SplittableRandom;

/**
 * Random numbers as a pure function of where in training they are used, so that a retried task
 * draws the same ones.
 */
public final class Seeds {
  /** Distinguishes the random numbers of dropout from those of orders and {@link Views}. */
  private static final long DROPOUT = 2;

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private Seeds() {}

  /**
   * A generator for one place in training.
   *
   * @param seed the run's seed
   * @param place numbers that identify the place, such as epoch and worker
   */
  static SplittableRandom at(long seed, long... place) {
    long state = mix(seed + GOLDEN_GAMMA);
    for (long coordinate : place) {
      state = mix(state ^ mix(coordinate + GOLDEN_GAMMA));
    }
    return new SplittableRandom(state);
  }

  /** The order in which a worker takes its examples in an epoch: a permutation of 0..size-1. */
  public static int[] permutation(int size, long seed, int epoch, int worker) {
    SplittableRandom random = at(seed, epoch, worker);
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** The seed of the random numbers that layers such as dropout draw in a worker's local step. */
  public static long dropout(long seed, int epoch, int worker, int step) {
    return at(seed, epoch, worker, step, DROPOUT).nextLong();
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
  private static long mix(long value) {
    long mixed = value;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
