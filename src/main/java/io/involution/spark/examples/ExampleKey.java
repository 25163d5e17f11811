package io.involution.spark.examples;

import java.io.Serializable;
import java.util.Arrays;

/**
 * An example's place in the order of its subset: first what the data says, then its content.
 * Examples with equal keys are equal in everything that training sees.
 */
final class ExampleKey implements Comparable<ExampleKey>, Serializable {
  private static final long serialVersionUID = 1L;

  private final byte[] order;
  private final byte[] content;

  /**
   * Wraps the parts.
   *
   * @param order what the data says, to compare as unsigned bytes; empty for nothing
   * @param content digest of label and pixels
   */
  ExampleKey(byte[] order, byte[] content) {
    this.order = order;
    this.content = content;
  }

  byte[] order() {
    return order;
  }

  byte[] content() {
    return content;
  }

  @Override
  public int compareTo(ExampleKey other) {
    int byOrder = Arrays.compareUnsigned(order, other.order);
    return byOrder != 0 ? byOrder : Arrays.compareUnsigned(content, other.content);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExampleKey key && compareTo(key) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(order) + Arrays.hashCode(content);
  }
}
