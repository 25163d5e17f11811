package io.involution.train;

import java.util.Arrays;

/** Weights that make up for classes of unequal size. */
public final class ClassWeights {
  private ClassWeights() {}

  /**
   * The weights that give every class the same share of the loss: an example of a class with n of
   * all N training examples weighs N / (classes x n), so that the mean over all examples is 1. They
   * come from the counts of all workers together, so that the weighted mean of the workers' models
   * is what it is without weights.
   *
   * @param counts training examples of each class
   * @return 0 for a class without any, which does not count as a class
   */
  public static double[] balanced(long[] counts) {
    double examples = Arrays.stream(counts).sum();
    long classes = Arrays.stream(counts).filter(count -> count > 0).count();
    return Arrays.stream(counts)
        .mapToDouble(count -> count == 0 ? 0 : examples / ((double) classes * count))
        .toArray();
  }
}
