package io.involution.layers.array;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the layers' CPU code needs of one element type. The index logic above it is written once for
 * float32, which trains, and float64, which the gradient checks need; only these short loops over
 * contiguous elements exist for each type.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public interface RealArrays<A> {
  /** The operations of a type, {@link DataType#FLOAT} or {@link DataType#DOUBLE}. */
  static RealArrays<?> of(DataType type) {
    return switch (type) {
      case FLOAT -> FloatArrays.INSTANCE;
      case DOUBLE -> DoubleArrays.INSTANCE;
      default ->
          throw new IllegalArgumentException("the layer computes in FLOAT or DOUBLE, not " + type);
    };
  }

  /** A Java array of zeros. */
  A create(int length);

  /** So many Java arrays of zeros. */
  A[] lines(int count, int length);

  /** Native memory of so many zeros. */
  NativeReals<A> allocate(long length);

  /** The elements of a contiguous array in c order; valid as long as the array is. */
  NativeReals<A> view(INDArray array);

  /** Copies {@code count} elements that lie {@code step} apart to adjacent places. */
  void gather(A from, int at, int step, A to, int toAt, int count);

  /** Adds {@code count} adjacent elements to places that lie {@code step} apart. */
  void addScattered(A from, int at, A to, int toAt, int step, int count);

  /** Sets a range to zero. */
  void zero(A array, int from, int to);

  /** Sets {@code count} elements that lie {@code step} apart to zero. */
  void zeroScattered(A array, int at, int step, int count);

  /** Adds a range's elements of one array to those of another. */
  void add(A from, A to, int start, int end);

  /** Converts to float64 as many elements as the target has. */
  void widen(A from, double[] to);

  /** Converts all elements from float64. */
  void narrow(double[] from, A to);

  /** Converts {@code count} elements from float64. */
  void narrow(double[] from, int at, A to, int count);

  /** Writes a matrix in c order the other way round. */
  void transpose(A from, int rows, int columns, A to);

  /**
   * {@code into = left x right}, or {@code into += left x right}, on native memory in row order by
   * one call of OpenBLAS.
   */
  void multiply(
      ProductShape shape, Operand<A> left, Operand<A> right, Operand<A> into, boolean add);

  /** Sizes of a product of matrices: {@code [rows, inner] x [inner, columns]}. */
  record ProductShape(int rows, int columns, int inner) {}

  /**
   * A matrix inside native memory.
   *
   * @param memory where it lies
   * @param at its first element
   * @param stride elements from one stored row to the next
   * @param transposed whether the product takes it the other way round
   */
  record Operand<A>(NativeReals<A> memory, int at, int stride, boolean transposed) {}
}
