package io.involution.layers.array;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.lang.reflect.Array;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The operations on one element type that the layers' CPU code needs. The index logic above it is
 * written once for float32, which is used for training, and float64, which gradient checks need;
 * only short loops over contiguous elements exist for each type.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public abstract sealed class RealArrays<A> permits FloatArrays, DoubleArrays {
  private final DataType type;
  private final Class<?> element;

  RealArrays(DataType type, Class<?> element) {
    this.type = type;
    this.element = element;
  }

  /** The operations of a type, {@link DataType#FLOAT} or {@link DataType#DOUBLE}. */
  public static RealArrays<?> of(DataType type) {
    return switch (type) {
      case FLOAT -> FloatArrays.INSTANCE;
      case DOUBLE -> DoubleArrays.INSTANCE;
      default ->
          throw new IllegalArgumentException("the layer computes in FLOAT or DOUBLE, not " + type);
    };
  }

  /** A Java array of zeros. */
  @SuppressWarnings("unchecked")
  public A create(int length) {
    return (A) Array.newInstance(element, length);
  }

  /** {@code count} Java arrays of zeros. */
  @SuppressWarnings("unchecked")
  public A[] lines(int count, int length) {
    return (A[]) Array.newInstance(element, count, length);
  }

  /** Native memory of {@code length} zeros. */
  public NativeReals<A> allocate(long length) {
    return NativeReals.allocate(type, length);
  }

  /** The elements of a contiguous array in c order; valid as long as the array is. */
  public NativeReals<A> view(INDArray array) {
    return NativeReals.view(type, array);
  }

  /** Copies {@code count} elements that are {@code step} apart to adjacent places. */
  public abstract void gather(A from, int at, int step, A to, int toAt, int count);

  /** Adds {@code count} adjacent elements to places that are {@code step} apart. */
  public abstract void addScattered(A from, int at, A to, int toAt, int step, int count);

  /** Sets a range to zero. */
  public abstract void zero(A array, int from, int to);

  /** Sets {@code count} elements that are {@code step} apart to zero. */
  public abstract void zeroScattered(A array, int at, int step, int count);

  /** Adds a range's elements of one array to those of another. */
  public abstract void add(A from, A to, int start, int end);

  /** The sum of {@code count} adjacent elements. */
  public abstract double sum(A array, int at, int count);

  /** Converts to float64 as many elements as the target has. */
  public abstract void widen(A from, double[] to);

  /** Converts a range to the same places in float64. */
  public abstract void widen(A from, double[] to, int start, int end);

  /** Converts a range from float64 to the same places. */
  public abstract void narrow(double[] from, A to, int start, int end);

  /** Converts {@code count} elements from float64. */
  public abstract void narrow(double[] from, int at, A to, int count);

  /** Writes the transpose of a matrix in c order. */
  public abstract void transpose(A from, int rows, int columns, A to);

  /**
   * {@code into = left x right}, or {@code into += left x right}, on native memory in row order by
   * one call of OpenBLAS.
   */
  public void multiply(
      ProductShape shape, Operand<A> left, Operand<A> right, Operand<A> into, boolean add) {
    int leftOrder = left.transposed ? CblasTrans : CblasNoTrans;
    int rightOrder = right.transposed ? CblasTrans : CblasNoTrans;
    int m = shape.rows;
    int n = shape.columns;
    int k = shape.inner;
    int lda = left.stride;
    int ldb = right.stride;
    int ldc = into.stride;
    int beta = add ? 1 : 0;
    if (left.pointer() instanceof FloatPointer a) {
      FloatPointer b = (FloatPointer) right.pointer();
      FloatPointer c = (FloatPointer) into.pointer();
      cblas_sgemm(CblasRowMajor, leftOrder, rightOrder, m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
    } else {
      DoublePointer a = (DoublePointer) left.pointer();
      DoublePointer b = (DoublePointer) right.pointer();
      DoublePointer c = (DoublePointer) into.pointer();
      cblas_dgemm(CblasRowMajor, leftOrder, rightOrder, m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
    }
  }

  /** Sizes of a product of matrices: {@code [rows, inner] x [inner, columns]}. */
  public record ProductShape(int rows, int columns, int inner) {}

  /**
   * A matrix inside native memory.
   *
   * @param memory where it is
   * @param at its first element
   * @param stride elements from one stored row to the next
   * @param transposed whether the product takes its transpose
   */
  public record Operand<A>(NativeReals<A> memory, int at, int stride, boolean transposed) {
    /** The transpose of the same matrix. */
    public Operand<A> flipped() {
      return new Operand<>(memory, at, stride, !transposed);
    }

    private Pointer pointer() {
      return memory.at(at);
    }
  }
}
