package io.involution.layers.array;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The memory of an array on the CPU, in c order and without gaps, read and written in bulk. */
public final class HostBuffer {
  private final FloatBuffer floats;
  private final DoubleBuffer doubles;

  private HostBuffer(FloatBuffer floats, DoubleBuffer doubles) {
    this.floats = floats;
    this.doubles = doubles;
  }

  /** The buffer of an array of float32 or float64. */
  public static HostBuffer of(INDArray array) {
    return switch (array.dataType()) {
      case FLOAT -> new HostBuffer(bytes(array).asFloatBuffer(), null);
      case DOUBLE -> new HostBuffer(null, bytes(array).asDoubleBuffer());
      default -> throw new IllegalArgumentException("not float32 or float64: " + array.dataType());
    };
  }

  private static ByteBuffer bytes(INDArray array) {
    long bytes = array.length() * array.dataType().width();
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a minibatch of " + bytes + " bytes is too large; use a smaller batch size");
    }
    BytePointer pointer = new BytePointer(array.data().addressPointer());
    return pointer.capacity(bytes).asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /** Reads {@code count} elements from {@code from} on. */
  public void read(int from, double[] to, int at, int count) {
    if (doubles != null) {
      doubles.get(from, to, at, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to[at + i] = floats.get(from + i);
    }
  }

  /** Writes {@code count} elements from {@code from} on. */
  public void write(int from, double[] values, int at, int count) {
    if (doubles != null) {
      doubles.put(from, values, at, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      floats.put(from + i, (float) values[at + i]);
    }
  }
}
