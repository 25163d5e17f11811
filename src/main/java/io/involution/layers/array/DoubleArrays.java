package io.involution.layers.array;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;

/** {@link RealArrays} of double64. */
public final class DoubleArrays extends RealArrays<double[]> {
  /** The only one. */
  public static final DoubleArrays INSTANCE = new DoubleArrays();

  private DoubleArrays() {
    super(DataType.DOUBLE, double.class);
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
  public double sum(double[] array, int at, int count) {
    double sum = 0;
    for (int i = at; i < at + count; i++) {
      sum += array[i];
    }
    return sum;
  }

  @Override
  public void widen(double[] from, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = from[i];
    }
  }

  @Override
  public void widen(double[] from, double[] to, int start, int end) {
    System.arraycopy(from, start, to, start, end - start);
  }

  @Override
  public void narrow(double[] from, double[] to, int start, int end) {
    System.arraycopy(from, start, to, start, end - start);
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
}
