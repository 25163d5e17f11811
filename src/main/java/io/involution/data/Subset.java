package io.involution.data;

/** The two parts of a data set. */
public enum Subset {
  /** The training examples (CIFAR-10: 50,000). */
  TRAIN,
  /** The test examples (CIFAR-10: 10,000). */
  TEST
}
