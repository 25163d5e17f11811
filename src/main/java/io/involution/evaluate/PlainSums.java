package io.involution.evaluate;

import java.io.Serializable;

/**
 * What a model gets right on images as they are, beside an evaluation by several views of each.
 *
 * @param lossSum sum of the examples' cross-entropies, in nats
 * @param correct correctly classified examples
 * @param examples all examples
 */
record PlainSums(double lossSum, long correct, long examples) implements Serializable {
  /** No examples. */
  static final PlainSums NONE = new PlainSums(0, 0, 0);

  /** The sums of both. */
  PlainSums plus(PlainSums other) {
    return new PlainSums(
        lossSum + other.lossSum, correct + other.correct, examples + other.examples);
  }

  /** Share of correct examples, 0 to 1; NaN without examples. */
  double accuracy() {
    return (double) correct / examples;
  }

  /** Mean cross-entropy, in nats; NaN without examples. */
  double loss() {
    return lossSum / examples;
  }
}
