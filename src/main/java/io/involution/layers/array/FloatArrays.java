package io.involution.layers.array;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import io.involution.layers.convolution.rows.OutputRow;
import io.involution.layers.convolution.winograd.FloatTileLoops;
import io.involution.layers.convolution.winograd.TileLoops;
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
  public TileLoops<float[]> tiles() {
    return FloatTileLoops.INSTANCE;
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
  public void activate(float[] products, OutputRow row, float[] outputs, byte[] winners) {
    if (row.pool) {
      activatePooled(products, row, outputs, winners);
      return;
    }
    float bias = (float) row.bias;
    float floor = (float) row.floor;
    int top = row.top;
    int output = row.output;
    int winner = row.winner;
    int count = row.count;
    for (int i = 0; i < count; i++) {
      float value = products[top + i] + bias;
      outputs[output + i] = Math.max(value, floor);
      winners[winner + i] = mark(value, floor, 0);
    }
  }

  /** Choices between values are maxima and those between numbers conditional moves: no branches. */
  private static void activatePooled(
      float[] products, OutputRow row, float[] outputs, byte[] winners) {
    float bias = (float) row.bias;
    float floor = (float) row.floor;
    int top = row.top;
    int bottom = row.bottom;
    int output = row.output;
    int winner = row.winner;
    int count = row.count;
    for (int i = 0; i < count; i++) {
      float a = products[top + 2 * i];
      float b = products[top + 2 * i + 1];
      float c = products[bottom + 2 * i];
      float d = products[bottom + 2 * i + 1];
      float value = largest(a, b, c, d) + bias;
      outputs[output + i] = Math.max(value, floor);
      winners[winner + i] = mark(value, floor, place(a, b, c, d));
    }
  }

  public static float largest(float a, float b, float c, float d) {
    return Math.max(Math.max(a, b), Math.max(c, d));
  }

  /** Which of four is the largest, the first of equals. */
  public static int place(float a, float b, float c, float d) {
    int inUpper = b > a ? 1 : 0;
    int inLower = d > c ? 3 : 2;
    return Math.max(c, d) > Math.max(a, b) ? inLower : inUpper;
  }

  /** The mark of an output that came from a place. */
  public static byte mark(float value, float floor, int place) {
    return (byte) (value <= floor ? OutputRow.INACTIVE : place);
  }

  @Override
  public double deactivate(
      float[] outputGradients, OutputRow row, float[] productGradients, byte[] winners) {
    int count = row.count;
    int top = row.top;
    int step = row.pool ? 2 : 1;
    int down = row.bottom - top;
    int output = row.output;
    int winner = row.winner;
    for (int i = 0; i < count; i++) {
      int best = winners[winner + i];
      float gradient = keep(outputGradients[output + i], (best >> 2) - 1);
      outputGradients[output + i] = gradient;
      productGradients[top + step * i + (best & 1) + ((best >> 1) & 1) * down] = gradient;
    }
    return sum(outputGradients, output, count);
  }

  /** Four sums side by side: one would wait for each addition to end before the next. */
  public static double sum(float[] values, int at, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = at;
    for (; i + 3 < at + count; i += 4) {
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
    }
    for (; i < at + count; i++) {
      a += values[i];
    }
    return ((double) a + b) + (c + d);
  }

  /** The value where the mask is all ones, zero where it is none: a choice without a branch. */
  public static float keep(float value, int mask) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) & mask);
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
