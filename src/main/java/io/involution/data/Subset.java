package io.involution.data;

/** The two parts of a data set. */
public enum Subset {
  /** The examples that the networks learn from (CIFAR-10: 50,000). */
  TRAIN,
  /** The examples that the networks are judged by (CIFAR-10: 10,000). */
  TEST
}
