package io.involution.layers.array;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link RealArrays} of float32. */
public final class FloatArrays implements RealArrays<float[]> {
  public static final FloatArrays INSTANCE = new FloatArrays();

  private FloatArrays() {}

  @Override
  public float[] create(int length) {
    return new float[length];
  }

  @Override
  public float[][] lines(int count, int length) {
    return new float[count][length];
  }

  @Override
  public NativeReals<float[]> allocate(long length) {
    Memory memory = new Memory(new FloatPointer(length), true);
    memory.zero(length);
    return memory;
  }

  @Override
  public NativeReals<float[]> view(INDArray array) {
    FloatPointer pointer = new FloatPointer(array.data().addressPointer());
    pointer.capacity(array.length());
    return new Memory(pointer, false);
  }

  @Override
  public void gather(float[] from, int at, int step, float[] to, int toAt, int count) {
    if (step == 1) {
      System.arraycopy(from, at, to, toAt, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to[toAt + i] = from[at + i * step];
    }
  }

  @Override
  public void addScattered(float[] from, int at, float[] to, int toAt, int step, int count) {
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
  public void zero(float[] array, int from, int to) {
    Arrays.fill(array, from, to, 0f);
  }

  @Override
  public void zeroScattered(float[] array, int at, int step, int count) {
    for (int i = 0; i < count; i++) {
      array[at + i * step] = 0;
    }
  }

  @Override
  public void add(float[] from, float[] to, int start, int end) {
    for (int i = start; i < end; i++) {
      to[i] += from[i];
    }
  }

  @Override
  public void widen(float[] from, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = from[i];
    }
  }

  @Override
  public void narrow(double[] from, float[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i] = (float) from[i];
    }
  }

  @Override
  public void narrow(double[] from, int at, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = (float) from[at + i];
    }
  }

  @Override
  public void transpose(float[] from, int rows, int columns, float[] to) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        to[column * rows + row] = from[row * columns + column];
      }
    }
  }

  @Override
  public void multiply(
      ProductShape shape,
      Operand<float[]> left,
      Operand<float[]> right,
      Operand<float[]> into,
      boolean add) {
    cblas_sgemm(
        CblasRowMajor,
        left.transposed() ? CblasTrans : CblasNoTrans,
        right.transposed() ? CblasTrans : CblasNoTrans,
        shape.rows(),
        shape.columns(),
        shape.inner(),
        1f,
        pointer(left),
        left.stride(),
        pointer(right),
        right.stride(),
        add ? 1f : 0f,
        pointer(into),
        into.stride());
  }

  private static FloatPointer pointer(Operand<float[]> operand) {
    return ((Memory) operand.memory()).at(operand.at());
  }

  private static final class Memory implements NativeReals<float[]> {
    private final FloatPointer pointer;
    private final FloatBuffer buffer;
    private final boolean owned;

    Memory(FloatPointer pointer, boolean owned) {
      this.pointer = pointer;
      this.owned = owned;
      buffer = pointer.asBuffer();
    }

    private FloatPointer at(long position) {
      if (pointer.position() != position) {
        pointer.position(position);
      }
      return pointer;
    }

    @Override
    public void get(int at, float[] to, int toAt, int count) {
      buffer.get(at, to, toAt, count);
    }

    @Override
    public void put(int at, float[] from, int fromAt, int count) {
      buffer.put(at, from, fromAt, count);
    }

    @Override
    public void zero(long count) {
      Pointer.memset(at(0), 0, count * Float.BYTES);
    }

    @Override
    public void close() {
      if (owned) {
        pointer.close();
      }
    }
  }
}
