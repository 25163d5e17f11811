package io.involution.layers.array;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;

/** {@link RealArrays} of float32. */
public final class FloatArrays extends RealArrays<float[]> {
  /** The only one. */
  public static final FloatArrays INSTANCE = new FloatArrays();

  private FloatArrays() {
    super(DataType.FLOAT, float.class);
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
  public double sum(float[] array, int at, int count) {
    return FloatSums.sum(array, at, at + count);
  }

  @Override
  public void widen(float[] from, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = from[i];
    }
  }

  @Override
  public void widen(float[] from, double[] to, int start, int end) {
    for (int i = start; i < end; i++) {
      to[i] = from[i];
    }
  }

  @Override
  public void narrow(double[] from, float[] to, int start, int end) {
    for (int i = start; i < end; i++) {
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
}
