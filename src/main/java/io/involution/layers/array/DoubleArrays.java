package io.involution.layers.array;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dgemm;

import java.nio.DoubleBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link RealArrays} of float64. */
public final class DoubleArrays implements RealArrays<double[]> {
  public static final DoubleArrays INSTANCE = new DoubleArrays();

  private DoubleArrays() {}

  @Override
  public double[] create(int length) {
    return new double[length];
  }

  @Override
  public double[][] lines(int count, int length) {
    return new double[count][length];
  }

  @Override
  public NativeReals<double[]> allocate(long length) {
    Memory memory = new Memory(new DoublePointer(length), true);
    memory.zero(length);
    return memory;
  }

  @Override
  public NativeReals<double[]> view(INDArray array) {
    DoublePointer pointer = new DoublePointer(array.data().addressPointer());
    pointer.capacity(array.length());
    return new Memory(pointer, false);
  }

  @Override
  public void gather(double[] from, int at, int step, double[] to, int toAt, int count) {
    if (step == 1) {
      System.arraycopy(from, at, to, toAt, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to[toAt + i] = from[at + i * step];
    }
  }

  @Override
  public void addScattered(double[] from, int at, double[] to, int toAt, int step, int count) {
    if (step == 1) {
      for (int i = 0; i < count; i++) {
        to[toAt + i] += from[at + i];
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      to[toAt + i * step] += from[at + i];
    }
  }

  @Override
  public void zero(double[] array, int from, int to) {
    Arrays.fill(array, from, to, 0d);
  }

  @Override
  public void zeroScattered(double[] array, int at, int step, int count) {
    for (int i = 0; i < count; i++) {
      array[at + i * step] = 0;
    }
  }

  @Override
  public void add(double[] from, double[] to, int start, int end) {
    for (int i = start; i < end; i++) {
      to[i] += from[i];
    }
  }

  @Override
  public void widen(double[] from, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = from[i];
    }
  }

  @Override
  public void narrow(double[] from, double[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i] = from[i];
    }
  }

  @Override
  public void narrow(double[] from, int at, double[] to, int count) {
    System.arraycopy(from, at, to, 0, count);
  }

  @Override
  public void transpose(double[] from, int rows, int columns, double[] to) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        to[column * rows + row] = from[row * columns + column];
      }
    }
  }

  @Override
  public void multiply(
      ProductShape shape,
      Operand<double[]> left,
      Operand<double[]> right,
      Operand<double[]> into,
      boolean add) {
    cblas_dgemm(
        CblasRowMajor,
        left.transposed() ? CblasTrans : CblasNoTrans,
        right.transposed() ? CblasTrans : CblasNoTrans,
        shape.rows(),
        shape.columns(),
        shape.inner(),
        1d,
        pointer(left),
        left.stride(),
        pointer(right),
        right.stride(),
        add ? 1d : 0d,
        pointer(into),
        into.stride());
  }

  private static DoublePointer pointer(Operand<double[]> operand) {
    return ((Memory) operand.memory()).at(operand.at());
  }

  private static final class Memory implements NativeReals<double[]> {
    private final DoublePointer pointer;
    private final DoubleBuffer buffer;
    private final boolean owned;

    Memory(DoublePointer pointer, boolean owned) {
      this.pointer = pointer;
      this.owned = owned;
      buffer = pointer.asBuffer();
    }

    private DoublePointer at(long position) {
      if (pointer.position() != position) {
        pointer.position(position);
      }
      return pointer;
    }

    @Override
    public void get(int at, double[] to, int toAt, int count) {
      buffer.get(at, to, toAt, count);
    }

    @Override
    public void put(int at, double[] from, int fromAt, int count) {
      buffer.put(at, from, fromAt, count);
    }

    @Override
    public void zero(long count) {
      Pointer.memset(at(0), 0, count * Double.BYTES);
    }

    @Override
    public void close() {
      if (owned) {
        pointer.close();
      }
    }
  }
}
