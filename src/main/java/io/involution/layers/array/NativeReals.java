package io.involution.layers.array;

/**
 * Native memory of one element type with bulk copies from and to Java arrays. The copies may be
 * made by several threads at once; as operand of a product, memory that several threads use must be
 * used at one offset.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public interface NativeReals<A> extends AutoCloseable {
  /** Copies {@code count} elements from {@code at} on into a Java array. */
  void get(int at, A to, int toAt, int count);

  /** Copies {@code count} elements of a Java array to {@code at} and on. */
  void put(int at, A from, int fromAt, int count);

  /** Sets the first {@code count} elements to zero. */
  void zero(long count);

  /** Frees memory that was allocated here; a view's memory is its array's. */
  @Override
  void close();
}
